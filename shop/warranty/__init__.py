"""Warranty: claims, and bills for old COREs that never came."""
