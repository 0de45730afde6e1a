"""What pages and files say of the figures."""
