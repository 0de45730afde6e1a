"""What pages of the shop say."""
