"""What people read about a move: what stays, what ends, and whom to ask in the new county."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fusus_portal.ground.geo.counties import County, UnknownCounty, county
from registry.other_counties import selectors
from registry.other_counties.models import CountyAgency
from registry.people.presenters.departures import withdrawn
from registry.people.selectors.moves import PlaceCounts


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The county that somebody moves to, and its agency where the table knows it."""

    county: County | None
    agency: CountyAgency | None

    @staticmethod
    def of(fips: str) -> "Elsewhere":
        """Return what is known of a county by its FIPS code; "" for a place in no county."""
        try:
            return Elsewhere(county(fips), selectors.agency_of(fips))
        except UnknownCounty:
            return Elsewhere(None, None)

    @property
    def sentence(self) -> str:
        """Whom to ask there, in one line for a message; "" when nothing is known."""
        if self.county is None:
            return ""
        if self.agency is None:
            return _("In %(county)s, ask the sheriff or the police whether they have a registry.") % {
                "county": self.county
            }
        ways = ", ".join(filter(None, [self.agency.phone, self.agency.email, self.agency.url]))
        words = {"county": self.county, "agency": self.agency.name, "ways": ways}
        return (
            _("In %(county)s, ask %(agency)s: %(ways)s.") % words
            if ways
            else _("In %(county)s, ask %(agency)s.") % words
        )


def staying(there: PlaceCounts) -> list[str]:
    """Return a line for each thing that a move inside the boundary leaves as it is, or changes."""
    lines = [
        _("Your registration and its number stay. You confirm nothing again."),
        ngettext(
            "One camera moves along with all that you wrote about it.",
            "%(number)d cameras move along with all that you wrote about them.",
            there.cameras,
        )
        % {"number": there.cameras},
        _("From now on no search finds the old place, and none finds the new one until it is confirmed.")
        if there.leaves_out
        else _("From now on searches find the new place, and no search finds the old one."),
        _("The old address stays in your own history, and with each request that was about it."),
    ]
    if there.waiting:
        waiting = ngettext(
            "One request waits for your answer. It is about the old place, and its link still works.",
            "%(number)d requests wait for your answer. They are about the old place, and their links still work.",
            there.waiting,
        )
        lines.insert(2, waiting % {"number": there.waiting})
    return lines


def ending(there: PlaceCounts) -> list[str]:
    """Return a line for each thing that is deleted when one place of several ends."""
    lines = [
        _("This place: its address and its point on the map"),
        ngettext(
            "One camera, and what you wrote about it; no search finds it",
            "%(number)d cameras, and what you wrote about them; no search finds them",
            there.cameras,
        )
        % {"number": there.cameras},
        _("The history of all these"),
    ]
    if there.only_here:
        lines.append(withdrawn(there.only_here))
    return lines
