"""Pages, as Django's test client sees them."""
