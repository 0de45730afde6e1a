"""Which of two texts is read: the English one, or the Spanish one."""

from django.utils.translation import get_language


def local(english: str, spanish: str) -> str:
    """Return the text in the language of the page or the message; the English one where there is no other."""
    return spanish if spanish and (get_language() or "").startswith("es") else english
