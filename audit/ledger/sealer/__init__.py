"""The sealer: its process, and the seal itself."""
