"""What the pages of the shop read."""
