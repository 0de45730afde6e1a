from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from fusus_portal.ground.access.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE: Final = "access"


@dataclass(frozen=True, slots=True)
class Mark:
    """Guard of a view.

    permission: the required one; None opens the view to everyone.
    privileged: password and second factor given in the last five minutes (CJIS IA-11).
    entrance: part of signing in, so it works before second factor, notice and yearly password are settled.
    background: called by a player and not by a person, so it does not extend the sign-in (CJIS AC-11).
    """

    permission: Permission | None = None
    privileged: bool = False
    entrance: bool = False
    background: bool = False


PUBLIC: Final = Mark()


def public(view: View) -> View:
    return _marked(view, PUBLIC)


def requires(permission: Permission, *, entrance: bool = False, background: bool = False) -> Callable[[View], View]:
    def mark(view: View) -> View:
        return _marked(view, Mark(permission, entrance=entrance, background=background))

    return mark


def privileged(view: View) -> View:
    """Ask again for password and second factor before this view. Goes above `@requires`."""
    mark = mark_of(view)
    if mark is None or mark.permission is None:
        raise TypeError("@privileged goes above @requires(...)")
    return _marked(view, replace(mark, privileged=True))


def mark_of(view: Callable[..., Any]) -> Mark | None:
    mark = getattr(view, ATTRIBUTE, None)
    return mark if isinstance(mark, Mark) else None


def _marked(view: View, mark: Mark) -> View:
    setattr(view, ATTRIBUTE, mark)
    return view
