"""Chat models: how one is reached, what goes wrong there, what it costs."""
