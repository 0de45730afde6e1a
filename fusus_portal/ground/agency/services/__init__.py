"""Acts on the agency's data, each by one administrator, each with its entry."""
