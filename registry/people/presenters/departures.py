"""Lists for leaving and moving: what is deleted, and what is kept, why and until when. Alike in page and receipt."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _, ngettext

from audit.log.events import KEPT
from fusus_portal.ground.geo.counties import County, UnknownCounty, county
from fusus_portal.ground.pages import times
from registry.canvasses import selectors as canvasses
from registry.other_counties import selectors
from registry.other_counties.models import CountyAgency
from registry.people.selectors import Holdings, PlaceCounts
from registry.places import hooks, selectors as places
from registry.places.models import Premises


def deleted(held: Holdings) -> list[str]:
    lines = [
        _("Your name, phone number, e-mail address, and language"),
        ngettext(
            "One place: its address and its point on the map",
            "%(number)d places: their addresses and points on the map",
            held.places,
        )
        % {"number": held.places},
        ngettext(
            "One camera, what you wrote about it, and its picture if you added one; no search finds it",
            "%(number)d cameras, what you wrote about them, and the pictures you added; no search finds them",
            held.cameras,
        )
        % {"number": held.cameras},
        _("The history of all these"),
        _("Your account: its password, and every sign-in"),
        _("Messages to you that were not sent yet, and the links in those that were"),
    ]
    if held.waiting:
        lines.append(withdrawn(held.waiting))
    if held.answered:
        lines.append(stopped(held.answered))
    if held.arriving:
        arriving = ngettext(
            "One file that is on its way or being checked, and so is not given yet",
            "%(number)d files that are on their way or being checked, and so are not given yet",
            held.arriving,
        )
        lines.append(arriving % {"number": held.arriving})
    return lines


def kept(held: Holdings) -> list[str]:
    fingerprint = _(
        "A fingerprint of your e-mail address, from which nobody can read the address: so that no list of the office "
        "brings you back. Kept until %(day)s, or until you register again."
    ) % {"day": times.localized_day(held.at + KEPT)}
    others = [hooks.line_of(kept) % {"day": times.localized_day(kept.until)} for kept in held.others]
    return [*(_files(*group) for group in held.days), *others, *_passed_on(held), _log(held), fingerprint]


def kept_of_place(held: Holdings) -> list[str]:
    """Return what the portal keeps of a place that its owner leaves while other places stay registered."""
    return [*(_files(*group) for group in held.days), *_passed_on(held), _log(held)]


def _log(held: Holdings) -> str:
    return _(
        "The log, and the numbers of requests to you: what was done and when, under numbers in place of names, with "
        "the network address and browser it was done from. Nobody can take a line out of the log, so that it proves "
        "who did what. Kept until %(day)s."
    ) % {"day": times.localized_day(held.at + KEPT)}


def withdrawn(number: int) -> str:
    return ngettext(
        "One request that waits for your answer: it is withdrawn, and its link ends",
        "%(number)d requests that wait for your answer: they are withdrawn, and their links end",
        number,
    ) % {"number": number}


def stopped(number: int) -> str:
    return ngettext(
        "One request that was answered for you: it is withdrawn, and what has not arrived yet is not sent",
        "%(number)d requests that were answered for you: they are withdrawn, and what has not arrived yet is not sent",
        number,
    ) % {"number": number}


def deleted_with_account() -> list[str]:
    return [
        _("Your e-mail address"),
        _("Your account: its password, and every sign-in"),
        _("What you typed of a registration"),
        _("Messages to you that were not sent yet, and the links in those that were"),
    ]


def kept_of_account(at: datetime) -> list[str]:
    log = _(
        "The log: what was done and when, under a number in place of your name, with the network address and browser "
        "it was done from. Nobody can take a line out of it. Kept until %(day)s."
    )
    return [log % {"day": times.localized_day(at + KEPT)}]


def _files(number: int, on_hold: bool, until: datetime) -> str:
    if on_hold:
        line = ngettext(
            "One file that you gave, with your name and registration number: a court must be able to learn who gave "
            "it. A legal hold is on it: it is kept until the hold ends, and until %(day)s at least.",
            "%(number)d files that you gave, with your name and registration number: a court must be able to learn "
            "who gave them. A legal hold is on them: they are kept until the hold ends, and until %(day)s at least.",
            number,
        )
    else:
        line = ngettext(
            "One file that you gave, with your name and registration number: a court must be able to learn who gave "
            "it. Kept until %(day)s, longer if a court or the law requires it.",
            "%(number)d files that you gave, with your name and registration number: a court must be able to learn "
            "who gave them. Kept until %(day)s, longer if a court or the law requires it.",
            number,
        )
    return line % {"number": number, "day": times.localized_day(until)}


def _passed_on(held: Holdings) -> list[str]:
    if held.leads_until is None:
        return []
    words = {"numbers": held.leads, "day": times.localized_day(held.leads_until)}
    if held.leads_named:
        named = _(
            "What you agreed to for your new county, with your name and e-mail address (%(numbers)s): so that the "
            "agency there can be asked to join, and write to you. Deleted when that is settled, on %(day)s at the "
            "latest. Call us with the number to have it deleted sooner."
        )
        return [named % words]
    unnamed = _(
        "What you agreed to for your new county, without your name (%(numbers)s): so that the agency there can be "
        "asked to join. Settled on %(day)s at the latest."
    )
    return [unnamed % words]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The county of a new address, and the agency there if administrators have added it."""

    county: County | None
    agency: CountyAgency | None

    @staticmethod
    def of(fips: str) -> "Elsewhere":
        """Look up a county and its agency by FIPS code; "" for a place in no county."""
        try:
            return Elsewhere(county(fips), selectors.agency_of(fips))
        except UnknownCounty:
            return Elsewhere(None, None)

    @property
    def sentence(self) -> str:
        """Sentence for a message that says whom to ask in the new county, "" for an unknown county."""
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


def elsewhere_of(outside: County | None) -> Elsewhere | None:
    """Return whom to ask about a place in another county; None for a place that is in no other county."""
    return Elsewhere.of(outside.fips) if outside else None


def staying(there: PlaceCounts) -> list[str]:
    lines = [
        _("Your registration and its number stay. You confirm nothing again."),
        ngettext(
            "One camera moves along with all that you wrote about it.",
            "%(number)d cameras move along with all that you wrote about them.",
            there.cameras,
        )
        % {"number": there.cameras},
        found_from_now_on(there),
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


def found_from_now_on(there: PlaceCounts) -> str:
    """Return the sentence on what searches find of a place that moves. They find no place without a camera to find."""
    if there.cameras == 0:
        return _("From now on no search finds the old place, and none finds the new one while it has no camera.")
    if there.paused == there.cameras:
        return _(
            "From now on no search finds the old place, and none finds the new one while all its cameras are paused."
        )
    if there.leaves_out:
        return _("From now on no search finds the old place, and none finds the new one until it is confirmed.")
    return _("From now on searches find the new place, and no search finds the old one.")


def ending(there: PlaceCounts) -> list[str]:
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
    if there.answered_here:
        lines.append(stopped(there.answered_here))
    return lines


def removal(premises: Premises) -> list[tuple[str, list[str]]]:
    """Return what is deleted with a removed place and what stays, as headings with lines."""
    deleted = [_("The address, its name, its point on the map, and their history")]
    if cameras := len(places.cameras_at(premises)):
        lost = ngettext(
            "What you wrote about %(number)s camera here, and its picture. No search finds it any more.",
            "What you wrote about %(number)s cameras here, and their pictures. No search finds them any more.",
            cameras,
        )
        deleted.append(lost % {"number": cameras})
    stays = [_("The names of the cameras, so that you can still read who looked at them")]
    if waiting := canvasses.waiting_about(premises):
        asked = ngettext(
            "%(number)s request about cameras here. You can still answer it, or leave it.",
            "%(number)s requests about cameras here. You can still answer them, or leave them.",
            waiting,
        )
        stays.append(asked % {"number": waiting})
    stays.append(_("Footage that you gave, which belongs to its case"))
    told = hooks.told_ending(premises)
    sections = [(_("What is deleted"), deleted), (_("What stays"), stays)]
    return [*sections, (_("What you still have of the office"), told)] if told else sections
