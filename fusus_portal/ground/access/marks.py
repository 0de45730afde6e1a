"""The mark that each view carries: open to all, or asking for a permission."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from fusus_portal.ground.access.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE: Final = "access"


@dataclass(frozen=True, slots=True)
class Mark:
    """How a view is guarded.

    permission: what the person must be allowed to do; None opens the view to everyone.
    privileged: password and second factor must have been given in the last five minutes (CJIS IA-11).
    entrance: part of signing in, so it works before second factor, notice and yearly password are settled.
    background: asked by a player and not by a person, so it keeps nobody signed in (CJIS AC-11).
    """

    permission: Permission | None = None
    privileged: bool = False
    entrance: bool = False
    background: bool = False


PUBLIC: Final = Mark()


def public(view: View) -> View:
    """Mark a view as open to everyone."""
    return _marked(view, PUBLIC)


def requires(permission: Permission, *, entrance: bool = False, background: bool = False) -> Callable[[View], View]:
    """Mark a view as open to people with the permission."""

    def mark(view: View) -> View:
        return _marked(view, Mark(permission, entrance=entrance, background=background))

    return mark


def privileged(view: View) -> View:
    """Ask again for password and second factor before this view; goes above `@requires`."""
    mark = mark_of(view)
    if mark is None or mark.permission is None:
        raise TypeError("@privileged goes above @requires(...)")
    return _marked(view, replace(mark, privileged=True))


def mark_of(view: Callable[..., Any]) -> Mark | None:
    """Return the view's mark, or None for a view that says nothing."""
    mark = getattr(view, ATTRIBUTE, None)
    return mark if isinstance(mark, Mark) else None


def _marked(view: View, mark: Mark) -> View:
    setattr(view, ATTRIBUTE, mark)
    return view
