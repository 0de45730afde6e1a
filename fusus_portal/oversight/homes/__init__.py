"""ZIP codes of the homes of deputies and supervisors, for the flag of searches near home in the weekly review."""
