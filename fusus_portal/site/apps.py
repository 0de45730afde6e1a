from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.core import validators
from django.utils.translation import gettext_lazy as _, ngettext_lazy


class SiteConfig(AppConfig):
    name = "fusus_portal.site"
    label = "portal_site"

    def ready(self) -> None:
        """Register the deploy check of uploads, the announcement of promises, and plain messages of validators."""
        import_module("fusus_portal.uploads")
        import_module("fusus_portal.site.promised").register()
        validators.MaxValueValidator.message = _("Write at most %(limit_value)s.")
        validators.MinValueValidator.message = _("Write at least %(limit_value)s.")
        validators.MaxLengthValidator.message = ngettext_lazy(
            "Write at most %(limit_value)d character. This has %(show_value)d.",
            "Write at most %(limit_value)d characters. This has %(show_value)d.",
            "limit_value",
        )
        digits: dict[str, Any] = {
            "max_digits": _("Write at most %(max)s digits."),
            "max_decimal_places": _("Write at most %(max)s digits after the point."),
            "max_whole_digits": _("Write at most %(max)s digits before the point."),
        }
        validators.DecimalValidator.messages = {**validators.DecimalValidator.messages, **digits}
