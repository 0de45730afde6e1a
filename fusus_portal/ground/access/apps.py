"""The access app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Marks of views, the permission table and the middleware that asks both."""

    name = "fusus_portal.ground.access"
