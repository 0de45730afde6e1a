"""One entry: as a row, what is around it, whether it is what was sealed."""
