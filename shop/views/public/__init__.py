"""What visitors and buyers see."""
