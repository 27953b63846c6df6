"""Claim verification against human labels."""
