"""Search for follow-up questions."""
