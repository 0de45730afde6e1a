"""The mail of the demo, kept in files and read in the browser."""
