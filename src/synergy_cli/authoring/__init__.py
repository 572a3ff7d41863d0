"""What authors need: checks, item quality, JSON Schemas, starter courses."""
