"""Crash tests: kills the program at every kind of moment and compares the store with an undisturbed run."""
