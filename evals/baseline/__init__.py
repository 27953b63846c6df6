"""The plain tutorial pipeline."""
