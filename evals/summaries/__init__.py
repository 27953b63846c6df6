"""Evaluation of overviews against reference summaries."""
