"""ZIP codes of the homes of people of the office, for one flag of the weekly review."""
