"""The ZIP code where somebody of the office lives, for one flag of the weekly review."""
