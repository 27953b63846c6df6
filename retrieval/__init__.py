"""Knows articles: loads them, keeps every character's place, finds them again. No chat model, no user, no face."""
