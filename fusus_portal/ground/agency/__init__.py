"""The agency's own data: what administrators edit and the public sees."""
