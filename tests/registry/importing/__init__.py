"""Reading files of former registries."""
