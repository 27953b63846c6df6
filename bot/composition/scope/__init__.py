"""Scope: whether a question is asked of the articles in hand or of all, and what completes its answer."""
