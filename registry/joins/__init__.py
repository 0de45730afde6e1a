"""Asking to join an incident by its number, which tells nobody whether there is one."""
