"""Answers and abstention over SQuAD files."""
