"""COREs, device cameras, sharing, the view gate, live view, the device API."""
