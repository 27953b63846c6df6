"""Composed answers: verbatim sentences laid out as overviews, timelines, comparisons and lists, and the collection."""
