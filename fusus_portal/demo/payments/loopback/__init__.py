"""Lies first on the path of the engine's process; Python runs `sitecustomize` of it before the engine."""
