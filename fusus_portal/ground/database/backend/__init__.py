"""A database backend for Django: a pool that gets over a restart, and rows that travel with the commit."""
