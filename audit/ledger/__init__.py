"""The tree over the log: entries become leaves, leaves a Merkle tree, its root a signed checkpoint to check.

Formats: C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-proof, tlog-witness; RFC 6962 hashing; RFC 8785 JSON.
"""
