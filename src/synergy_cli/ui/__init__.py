"""Everything the program draws, and the terminal it draws on."""
