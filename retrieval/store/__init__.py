"""The SQLite library: reading, writing, schema, derived indexes, backup and locks."""
