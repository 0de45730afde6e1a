"""What people type into the registry's pages."""
