"""What `manage.py demo` writes: people, cameras, incidents, COREs and orders."""
