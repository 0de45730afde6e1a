"""Peers that the portal is measured beside: a bare Django, django-oscar, and other libraries for audit trails."""
