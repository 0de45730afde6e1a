"""Places: points, counties, the agency's jurisdiction, addresses, and search by distance."""
