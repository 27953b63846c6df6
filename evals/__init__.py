"""Measures retrieval, answers and loading on public formats, beside a plain pipeline."""
