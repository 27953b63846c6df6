"""Chat models: clients, streaming, budget, errors and prompts."""
