"""Conversations: what was said before, kept and forgotten, and questions that lean on it."""
