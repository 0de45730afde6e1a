"""The registry: people and their cameras, incidents, canvasses, footage requests and what is given."""
