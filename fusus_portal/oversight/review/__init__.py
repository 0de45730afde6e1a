"""The weekly review: a sample and flags, looked at by somebody independent."""
