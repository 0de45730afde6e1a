"""Serving by gunicorn with our own worker: slow clients hold no thread (docs/decisions/ground/slow-senders.md)."""
