"""What the pages of the shop say."""
