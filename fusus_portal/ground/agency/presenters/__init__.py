"""What the pages of the agency's data say."""
