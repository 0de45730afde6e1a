"""The outbox: messages of a closed list of kinds, written with the act and delivered after it."""
