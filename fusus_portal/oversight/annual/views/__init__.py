"""The report as everybody reads it, and the pages on which it is written."""
