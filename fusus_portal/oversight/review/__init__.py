"""The weekly review: somebody independent looks at a random sample of a week's acts, and at what stood out."""
