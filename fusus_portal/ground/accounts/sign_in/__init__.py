"""Signing in: sessions, passwords, the agency's identity provider, and what allauth asks and tells."""
