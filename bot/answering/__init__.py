"""Extractive answers: questions, candidate sentences, features and the fitted reader."""
