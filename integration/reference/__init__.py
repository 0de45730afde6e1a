"""The reference client of the device API: the work of a CORE, with nothing of the portal but its rules and its key."""
