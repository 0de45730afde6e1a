"""The files of the figures, and the page from which they are released."""
