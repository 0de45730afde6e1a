"""The figures that the public reads: computed from the log, finished days only, released by a person."""
