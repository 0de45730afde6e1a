"""The limits that the agency sets."""
