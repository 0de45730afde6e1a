"""A county with up to 1,000,000 cameras."""
