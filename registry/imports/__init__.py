"""A former registry that comes in, and a copy of this one that goes out."""
