"""The weekly review: a random sample of a week's acts and what stood out in it, looked at by somebody independent."""
