"""Pages and addresses of integration."""
