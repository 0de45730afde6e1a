"""Broken glass in words: start pages, the incident's page and the weekly review share this sentence."""

from django.utils.translation import gettext as _

from integration.critical.models import Declaration


def said(declaration: Declaration) -> str:
    """Return where and by whom the glass was broken: who asked, and who confirmed. Its incident must be loaded."""
    two = [person.pseudonym if person else "" for person in (declaration.declared_by, declaration.seconded_by)]
    sentence = _("The glass was broken at %(place)s: %(first)s asked, %(second)s confirmed.")
    return sentence % {"place": declaration.incident.place, "first": two[0], "second": two[1]}
