"""Acts of parcels."""
