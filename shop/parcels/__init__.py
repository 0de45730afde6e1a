"""Parcels: packed, sent, on their way, delivered."""
