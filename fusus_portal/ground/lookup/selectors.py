from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from fusus_portal.ground.access.permissions import Permission, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lookup.finders import Finder, Found, Typed, finders


@dataclass(frozen=True, slots=True)
class Hit:
    kind: str
    number: str
    url: str
    note: str = ""
    page_says_it: bool = False


def finders_of(by: User) -> list[Finder]:
    """Return the finders for this person. Auditors may not open the pages and search the log instead."""
    if has(by.role, Permission.AUDIT):
        return [each for each in finders if each.logged]
    return [each for each in finders if has(by.role, each.permission)]


def hits(by: User, typed: Typed) -> list[Hit]:
    """Return the things that this person may open, each page once. The log records the opening, not the search."""
    if typed.is_too_long or not typed.bare:
        return []
    found = {each.url: Hit(str(finder.kind), *each) for finder in finders_of(by) for each in _found(finder, by, typed)}
    return list(found.values())


def _found(finder: Finder, by: User, typed: Typed) -> list[Found]:
    if finder.logged is not None and has(by.role, Permission.AUDIT):
        return [Found(number, _in_log(number)) for number in finder.logged(typed)]
    return list(finder.find(by, typed))


def _in_log(number: str) -> str:
    return f"{reverse('audit')}?{urlencode({'word': number})}"
