from urllib.parse import urljoin

from django.conf import settings


def absolute(path: str) -> str:
    return urljoin(settings.SITE_URL, path)
