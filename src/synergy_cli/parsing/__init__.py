"""YAML with places, record schemas and fault reports."""
