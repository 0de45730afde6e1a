from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from audit import hooks
from fusus_portal.ground import numbers
from fusus_portal.ground.access import Permission
from fusus_portal.ground.agency import hooks as agency_hooks
from fusus_portal.ground.agency.models import OF_REGISTERING
from registry.people.presenters.departures import elsewhere_of
from registry.places.hooks import ProfileTab, tabs, whom_to_ask
from registry.places.models import Camera
from registry.registrants.models import Registrant, RegistrantKind

MOST_OF_A_NAME = 20


TABS = (
    ProfileTab("profile", pgettext_lazy("first tab of a profile", "Home"), 10, Permission.OWN_REGISTRATION),
    ProfileTab("looks", gettext_lazy("Who looked"), 20, Permission.OWN_REGISTRATION, once=("looks-heading",)),
    ProfileTab(
        "profile_account",
        gettext_lazy("Account"),
        50,
        Permission.OWN_REGISTRATION,
        once=("contact-heading", "data-heading", "other-counties-heading"),
    ),
)


def register() -> None:
    for tab in TABS:
        tabs.register(tab)
    whom_to_ask.register(elsewhere_of)
    hooks.understand(owners_called)
    hooks.understand(businesses_named)
    hooks.name_by("registrant", hooks.field(Registrant.objects.all(), "reference"))
    for kind in OF_REGISTERING:
        agency_hooks.words.register(agency_hooks.Words(kind, kind.label, relied=everybody, news=nothing_to_add))


def everybody() -> Iterable[Registrant]:
    """Return all registrants, whom a new version of the office's public texts concerns."""
    return Registrant.objects.select_related("user").order_by("pk")


def nothing_to_add(_number: int) -> list[str]:
    """Return no lines on a new version of a text: the text itself says what is new."""
    return []


def owners_called(text: str) -> Iterable[hooks.Meaning]:
    """Find a registration in the log by its reference, or by the exact e-mail address of its account."""
    if "@" not in text and not numbers.is_number(text):
        return []
    found = Registrant.objects.filter(Q(reference=text.upper()) | Q(user__email=text.lower()))
    return [_owner(each) for each in found]


def businesses_named(text: str) -> Iterable[hooks.Meaning]:
    """Find businesses in the log by their exact name, case ignored; a chain may have one registration a place.

    A person is not found by name: a reader of the log should not learn where an acquaintance lives.
    """
    found = Registrant.objects.filter(kind=RegistrantKind.BUSINESS, name__iexact=text).order_by("reference")
    return [_owner(each) for each in found[:MOST_OF_A_NAME]] if text else []


def _owner(registrant: Registrant) -> hooks.Meaning:
    places = [str(pk) for pk in registrant.premises.values_list("pk", flat=True)]
    cameras = Camera.objects.filter(premises__registrant=registrant).values_list("pk", flat=True)
    return hooks.Meaning(
        _("Owner %(reference)s") % {"reference": registrant.reference},
        actors=(str(registrant.user_id),),
        cameras=(str(registrant.pk), *(str(pk) for pk in cameras)),
        subjects=(
            ("registrant", str(registrant.pk)),
            ("account", str(registrant.user_id)),
            *(("premises", place) for place in places),
        ),
        shared=registrant.reference,
    )
