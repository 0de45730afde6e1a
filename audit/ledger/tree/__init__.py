"""The tree: bytes of entries as leaves, hashes, tiles, and where they are."""
