"""One-time addresses that sign in, which `manage.py signin` prints."""
