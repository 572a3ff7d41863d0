"""Questions in the formats of other programs, one module per format. No module draws or asks anything."""
