"""The outbox, which the other apps ask, and its delivery."""
