"""Cameras that speak ONVIF, and those that only say so."""
