"""Knows questions, answers and people: the chain, and the faces that show it."""
