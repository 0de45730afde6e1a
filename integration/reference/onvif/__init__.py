"""Cameras of a shop's own network, found and asked by ONVIF."""
