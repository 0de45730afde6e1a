"""Settings by place: base, and dev, test or production on top."""
