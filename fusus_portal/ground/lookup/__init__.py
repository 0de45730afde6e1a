"""Finding by number, from every page of the console: nouns register what they find, and for whom."""
