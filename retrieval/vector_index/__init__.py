"""The vector index: snapshots in Chroma, local or on a server, derived from the library."""
