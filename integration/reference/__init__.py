"""The reference client of the device API: what a CORE does, with nothing of the portal but its rules and its key."""
