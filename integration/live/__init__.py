"""Live view: the gate, views, streams, and stills for owners."""
