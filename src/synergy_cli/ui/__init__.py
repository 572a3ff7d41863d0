"""Everything that is drawn, and the terminal it is drawn on."""
