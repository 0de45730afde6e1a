"""The pages and commands that belong to no other app."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Home, questions, health, and `manage.py states`."""

    name = "fusus_portal.site"
    label = "portal_site"
