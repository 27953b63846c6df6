"""Search over public collections."""
