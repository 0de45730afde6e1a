"""Settings for production, development and tests alike. Values that differ come from the environment."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground import env
from fusus_portal.ground.database.address import connection_settings, pooled

from .accounts import *  # noqa: F403
from .agency import *  # noqa: F403
from .channels import *  # noqa: F403
from .ledger import *  # noqa: F403
from .oidc import *  # noqa: F403
from .payments import *  # noqa: F403
from .security import *  # noqa: F403
from .tasks import *  # noqa: F403

# Forms and views may be written with their types, as ModelForm[Camera].
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parents[2]
LOCAL_DIR = BASE_DIR / ".local"

ROOT_URLCONF = "fusus_portal.urls"
MACHINE_URLCONF = "integration.urls"
"""Addresses of the device API, a list of its own: COREs call often, and are not matched against all pages."""

WSGI_APPLICATION = "fusus_portal.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DEBUG = False

INSTALLED_APPS = [
    "fusus_portal.ground.database",
    "fusus_portal.site",
    "fusus_portal.ground.accounts",
    "fusus_portal.ground.agency",
    "fusus_portal.ground.access",
    "fusus_portal.ground.notifications",
    "fusus_portal.ground.geo",
    "fusus_portal.ground.streets",
    "fusus_portal.ground.push",
    "fusus_portal.ground.worklist",
    "audit",
    "registry",
    "integration",
    "shop",
    "fusus_portal.oversight.annual",
    "fusus_portal.oversight.figures",
    "fusus_portal.oversight.homes",
    "fusus_portal.oversight.review",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "simple_history",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "fusus_portal.ground.access.middleware.NulMiddleware",
    "fusus_portal.ground.access.middleware.MachineMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "fusus_portal.ground.access.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "fusus_portal.ground.access.middleware.AccessMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["fusus_portal.ground.zones"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "fusus_portal.ground.access.context.agency",
                "fusus_portal.ground.access.context.sign_in",
            ],
        },
    },
]

FORM_RENDERER = "fusus_portal.ground.pages.fields.FormRenderer"
"""Renders fields with templates/django/forms, in the markup of the design system."""

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["fusus_portal.ground.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.text("TIME_ZONE", "America/Chicago")

FIGURES_OF_TODAY = False
"""True only in a demo, whose log is minutes old: public figures then include today and small numbers."""

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "build" / "static")))

GEOCODER = env.text("GEOCODER")
"""A geopy geocoder, for example `nominatim://geocoder.example`. Without one only ZIP codes are found."""

UPLOADS_ROOT: Path | None = None
"""Directory of uploads in production; it must exist before anything starts. Development and tests make their own."""

BACKUP_REPORT: Path | None = None
"""File with the time of the last backup, which the backup writes itself. None: nothing is known, nothing is missed."""


def storages(uploads: Path, static_backend: str) -> dict[str, dict[str, Any]]:
    """Return Django's STORAGES: each kind of file has its own folder below `uploads`."""

    def below(folder: str, **modes: int) -> dict[str, Any]:
        options = {"location": uploads / folder, **modes}
        return {"BACKEND": "fusus_portal.ground.database.files.FileStorage", "OPTIONS": options}

    return {
        "default": below("pictures"),
        "evidence": below("evidence", file_permissions_mode=0o600),
        "snapshots": below("snapshots", file_permissions_mode=0o600, directory_permissions_mode=0o700),
        "maps": below("maps"),
        "counties": below("counties"),
        "street_files": below("street_files", file_permissions_mode=0o600, directory_permissions_mode=0o700),
        "receiving": below("receiving"),
        "tables": below("tables", file_permissions_mode=0o600),
        "prints": below("prints", file_permissions_mode=0o600),
        "letters": below("letters", file_permissions_mode=0o600),
        "products": below("products"),
        "papers": below("papers", file_permissions_mode=0o600),
        "staticfiles": {"BACKEND": static_backend},
    }


def caches(redis: str) -> dict[str, dict[str, Any]]:
    backend = "django.core.cache.backends.redis.RedisCache"
    return {"default": {"BACKEND": backend, "LOCATION": redis, "KEY_PREFIX": "portal"}}


def databases(*, hint: str) -> dict[str, dict[str, Any]]:
    address = env.required("DATABASE_URL", hint=hint)
    largest = env.number("DATABASE_POOL", 10, least=1)
    return {"default": pooled(connection_settings("DATABASE_URL", address), largest=largest)}


def optional_database(variable: str) -> dict[str, Any] | None:
    """Return the connection settings of a database role that few processes may have, None if its variable is unset."""
    address = env.text(variable)
    return connection_settings(variable, address) if address else None


MIGRATOR_DATABASE = optional_database("MIGRATOR_DATABASE_URL")
SEALER_DATABASE = optional_database("SEALER_DATABASE_URL")
LIVE_REDIS_URL = env.text("LIVE_REDIS_URL")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "fusus_portal.ground.log_format.WithoutPersonalData"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Refused and unknown pages are events of the audit log, not lines here.
        "django.request": {"level": "ERROR"},
        # The library logs its requests at INFO; the audit log has what we say about a payment.
        "stripe": {"level": "WARNING"},
        # At INFO these log each step of a layout and each font.
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
