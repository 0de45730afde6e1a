"""Tests of the pictures that people send."""
