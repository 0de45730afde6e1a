"""The Fusus portal: a community shares its cameras with its agency, on its own terms."""

from typing import Final

from fusus_portal.celery import app as celery_app

__version__: Final = "0.1.0"
"""Release by semantic versioning; see CHANGELOG.md."""

__all__ = ["__version__", "celery_app"]
