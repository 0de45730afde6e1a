"""A database backend for Django: PostgreSQL by a pool that gets over a restart of the database at once."""
