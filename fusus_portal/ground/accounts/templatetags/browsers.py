"""A browser in the words of the person who uses it: "Chrome on Windows"."""

from typing import Final

from django import template
from django.utils.translation import gettext as _

register = template.Library()

BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""A mark in the header User-Agent and the name that people know. Most browsers bear the marks of later ones as well."""

SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
"""The same of what it runs on. Android's name comes before that of Linux, which it bears as well."""


@register.filter
def browser_words(user_agent: str) -> str:
    """Return which browser it is and on what, as far as its header says so."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser that does not say its name")
