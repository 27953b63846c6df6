"""Claim verification: evidence, alignment, features and the verdict on each claim."""
