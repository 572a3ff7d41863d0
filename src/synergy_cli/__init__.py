"""Study one topic well in a terminal: read a page, be asked about it, see why."""

__version__ = "0.1.0"
