"""Who keeps the kinds of CORE, and what may be said of one."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fusus_portal.accounts.models import User
from fusus_portal.accounts.roles import Role
from fusus_portal.lengths import check_length
from fusus_portal.lifecycle import Refused, Stale
from integration.models import Core, CoreModel
from integration.rules import MOST_CAMERAS

LONGEST_NAME = 80


def may_keep(by: User) -> None:
    """Raise Refused unless `by` is an administrator."""
    if by.role != Role.ADMINISTRATOR:
        raise Refused(_("Only administrators keep the kinds of CORE."))


def must_be_current(model: CoreModel) -> None:
    """Raise Stale for a kind of which none is received any more."""
    if model.retired_at is not None:
        raise Stale(_("None of this kind of CORE is received any more."), subject=model.subject)


def check_name(name: str, *, but: CoreModel | None = None) -> str:
    """Return a name that no other kind has, without needless spaces. but: the one that is changed.

    Raises ValidationError on "name".
    """
    tidy = " ".join(name.split())
    if not tidy:
        raise ValidationError({"name": _("Write what this kind of CORE is called.")})
    check_length(tidy, most=LONGEST_NAME, field="name")
    others = CoreModel.objects.filter(name__iexact=tidy)
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise ValidationError({"name": _("There is a kind of this name already.")})
    return tidy


def check_cameras(number: int, *, model: CoreModel | None = None) -> int:
    """Return how many cameras one connects. Raises ValidationError on "cameras_supported".

    model: a kind that is there already. It can't shrink below what one of it connects now.
    """
    if not 1 <= number <= MOST_CAMERAS:
        sentence = _("One CORE connects 1 to %(most)d cameras.") % {"most": MOST_CAMERAS}
        raise ValidationError({"cameras_supported": sentence})
    if model is not None and (used := most_connected(model)) > number:
        sentence = _("One of them connects %(used)d cameras now, so it can't be fewer.") % {"used": used}
        raise ValidationError({"cameras_supported": sentence})
    return number


def most_connected(model: CoreModel) -> int:
    """Return how many cameras are behind that CORE of a kind which has most."""
    counted = [core.cameras.filter(removed_at__isnull=True).count() for core in Core.objects.filter(model=model)]
    return max(counted, default=0)
