"""Conversations: sessions, turns, follow-ups and their storage."""
