"""COREs and live video."""
