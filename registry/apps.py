from importlib import import_module

from django.apps import AppConfig

NOUNS = (
    "incidents",
    "joins",
    "people",
    "places",
    "letters",
    "canvasses",
    "footage",
    "access_log",
    "other_counties",
    "imports",
    "limits",
    "coverage",
)


class RegistryConfig(AppConfig):
    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Run each noun's `register`, once the models are loaded."""
        for noun in NOUNS:
            import_module(f"registry.{noun}.extensions").register()
