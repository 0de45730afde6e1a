"""The public figures: computed from the log, finished days only, released by a person."""
