"""Search: what is asked, and how it is found."""
