"""Speed, memory and disk."""
