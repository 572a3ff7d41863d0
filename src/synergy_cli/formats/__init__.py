"""Questions in the forms of other programs: one module a format. Nothing is drawn, nothing is asked."""
