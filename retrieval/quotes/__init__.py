"""The quote desk: was it said, where, by whom, and what was left out."""
