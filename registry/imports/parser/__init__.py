"""Reads the files of imports."""
