"""Text embedding: the model, its runtimes and its files."""
