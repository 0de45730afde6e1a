"""People: registering, contact, profile, own data, moves, departures."""
