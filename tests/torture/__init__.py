"""Kills the program at every kind of moment and compares what is left with a run that nobody disturbed."""
