"""The app of home areas: one table, and one page for administrators."""

from django.apps import AppConfig


class HomesConfig(AppConfig):
    """Where people of the office live, by ZIP code."""

    name = "fusus_portal.oversight.homes"
    label = "homes"
    default_auto_field = "django.db.models.BigAutoField"
