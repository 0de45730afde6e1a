"""Pages for businesses and for whoever looks."""
