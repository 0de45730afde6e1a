"""What the pages of the weekly review say."""
