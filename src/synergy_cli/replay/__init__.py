"""Output that is printed again: what a run reads, what it writes, and the entries that keep both."""
