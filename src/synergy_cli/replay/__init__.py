"""Replayed output: what a run reads, what it writes, and the cache entries that hold both."""
