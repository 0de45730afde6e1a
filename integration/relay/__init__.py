"""Relays: processes that take live video and hand it on, and hold the calls of COREs."""
