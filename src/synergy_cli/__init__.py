"""Study one topic well in a terminal: read a page, test yourself, see why."""

__version__ = "0.1.0"
