"""YAML with positions, record schemas and fault reports."""
