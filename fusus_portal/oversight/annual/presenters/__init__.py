"""What the report of a year says, and the pages on which it is written."""
