"""The Fusus portal: a community shares its cameras with its agency, on its own terms."""

from fusus_portal.celery import app as celery_app

__all__ = ["celery_app"]
