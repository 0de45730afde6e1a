"""Clips: recordings that a deputy asks for and the CORE sends."""
