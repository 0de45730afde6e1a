from urllib.parse import urlencode

from django.urls import reverse

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lookup.finders import Finder, Found, Typed, finders


def finders_of(by: User) -> list[Finder]:
    """Return the finders for this person. Auditors may not open the pages and search the log instead."""
    if has(by.role, Permission.AUDIT):
        return [each for each in finders if each.logged]
    return [each for each in finders if has(by.role, each.permission)]


def hits(by: User, typed: Typed) -> list[tuple[str, Found]]:
    """Return the things that this person may open with their kinds, each page once. The log records the opening."""
    if typed.is_too_long or not typed.bare:
        return []
    found = {each.url: (str(finder.kind), each) for finder in finders_of(by) for each in _found(finder, by, typed)}
    return list(found.values())


def _found(finder: Finder, by: User, typed: Typed) -> list[Found]:
    if finder.logged is not None and has(by.role, Permission.AUDIT):
        return [Found(number, f"{reverse('audit')}?{urlencode({'word': number})}") for number in finder.logged(typed)]
    return list(finder.find(by, typed))
