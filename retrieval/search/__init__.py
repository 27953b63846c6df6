"""Hybrid search: dense and BM25 rankings, fused, reranked and deduplicated."""
