"""Renderers of answers, articles and verdicts. Pure: nothing here prints, reads a clock or a file."""
