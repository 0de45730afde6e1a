from importlib import import_module

from django.apps import AppConfig

from fusus_portal.ground.notifications import kinds

NOUNS = (
    "incidents",
    "people",
    "places",
    "letters",
    "canvasses",
    "footage",
    "other_counties",
    "imports",
    "limits",
    "coverage",
)


class RegistryConfig(AppConfig):
    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what each noun adds to the apps below, and its messages, once models are loaded."""
        for noun in NOUNS:
            import_module(f"registry.{noun}.extensions").register()
        for noun in (*NOUNS, "access_log"):
            kinds.discover(f"registry.{noun}")
