"""Evaluation of main text and metadata taken from web pages."""
