from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, demand, has
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused, Stale, why_not
from fusus_portal.ground.lookup.finders import Typed
from registry.incidents import number_format
from registry.incidents.models import (
    VERIFIED,
    Assignment,
    Correction,
    Incident,
    IncidentType,
    JoinQuestion,
    NumberFormat,
)
from registry.incidents.policies.reasons import check_lawful
from registry.incidents.states import IncidentState
from registry.limits.models import Limits
from registry.rules import CLOSING_TAKEN_BACK_WITHIN, JOIN_DAY, JOIN_QUESTIONS_A_DAY, UNVERIFIED_LIFE

EXAMPLE = 123


class TooManyOpen(Refused):
    """One person would have too many open unverified incidents. Auditors are told."""


def may_open_another(by: User) -> None:
    """Raise TooManyOpen for a person with as many open unverified incidents as the limits allow."""
    if _number_unverified(by.pk) >= (most := Limits.current().unverified_incidents_open):
        sentence = _(
            "You have %(number)d open incidents that nobody has verified, which is as many as one person has. A "
            "supervisor verifies one of them, or you close one that is done; then you can open the next. In an "
            "emergency a supervisor can open it and assign you."
        )
        raise TooManyOpen(sentence % {"number": most}, subject=by.subject)


def may_wait_again(incident: Incident) -> None:
    """Raise TooManyOpen if the opener has no room for one more unverified incident. Dispatch opens without a limit."""
    opener = incident.opened_by_id
    most = Limits.current().unverified_incidents_open
    if opener is not None and _number_unverified(opener) >= most:
        sentence = _(
            "The person who opened this incident has %(number)d open incidents that nobody has verified, which "
            "is the most that one person may have. A supervisor verifies one of them first, or one of them is "
            "closed."
        )
        raise TooManyOpen(sentence % {"number": most}, subject=incident.subject)


def _number_unverified(opener: UUID) -> int:
    return Incident.objects.filter(~VERIFIED, opened_by=opener, state=IncidentState.OPEN).count()


def may_verify(by: User, incident: Incident) -> None:
    """Raise Refused if `by` opened or changed the incident or is no supervisor (CJIS AC-5); Stale if it is verified."""
    subject = incident.subject
    demand(by, Permission.VERIFY_INCIDENT, subject=subject)
    if by.pk == incident.opened_by_id:
        raise Refused(_("You opened this incident, so you can't verify it. Ask another supervisor."), subject=subject)
    if has_changed(by, incident):
        raise Refused(_("You changed this incident, so you can't verify it. Ask another supervisor."), subject=subject)
    if incident.is_verified:
        raise Stale(_("This incident is already verified."), subject=subject)


def may_send_back(by: User, incident: Incident) -> None:
    """Raise as `may_verify`: who could verify the incident may say instead what is wrong with it. Stale if it waits."""
    may_verify(by, incident)
    if Correction.objects.filter(incident=incident, made_at__isnull=True).exists():
        raise Stale(_("This incident was sent back already, and waits to be corrected."), subject=incident.subject)


def has_changed(by: User, incident: Incident) -> bool:
    """True if the person ever changed the incident: by verifying it they would verify their own change."""
    return bool(Incident.history.filter(id=incident.pk, changed_by=by).exists())


def must_differ(incident: Incident, changed: Collection[str]) -> None:
    if not changed:
        raise Stale(_("Nothing is different, so nothing was changed."), subject=incident.subject)


def may_work_on(by: User, incident: Incident) -> None:
    """Raise Refused unless the person is a deputy or supervisor assigned to the incident (promise B4)."""
    demand(by, Permission.OPEN_INCIDENT, subject=incident.subject)
    if not Assignment.objects.filter(incident=incident, user=by).exists():
        raise Refused(
            _("Only people assigned to this incident can do this. A supervisor can assign you."),
            subject=incident.subject,
        )


def may_see(by: User, incident: Incident) -> None:
    """Raise Refused unless the person is a supervisor, or assigned to the incident."""
    if not has(by.role, Permission.VERIFY_INCIDENT):
        may_work_on(by, incident)


def stays_verified(incident: Incident, changed: Collection[str], *, before: Incident) -> bool:
    """True if a supervisor verified the incident and only its time changed, to a part of the time before."""
    if incident.verified_at is None or list(changed) != ["window"]:
        return False
    begins_inside, ends_inside = incident.starts_at >= before.starts_at, incident.ends_at <= before.until
    return begins_inside and ends_inside and (before.goes_on or not incident.goes_on)


def is_open(incident: Incident) -> bool:
    return incident.state == IncidentState.OPEN


def must_be_open(incident: Incident) -> None:
    """Raise Stale for a closed incident: nobody can ask for footage of it, or search around it, any more."""
    if not is_open(incident):
        raise Stale(_("Incident %(number)s is closed.") % {"number": incident.number}, subject=incident.subject)


def check_number(number: str, *, by: User) -> str:
    """Return an incident number tidied. Raises ValidationError on "number" in another format, or for a number in use.

    by: the person who opens the incident, and reads what to do about an existing one.
    """
    tidy = check_form_of_number(number)
    taken = Incident.objects.filter(number=tidy).first()
    if taken is not None:
        raise ValidationError({"number": number_taken(taken, by)})
    return tidy


def check_form_of_number(number: str) -> str:
    """Return an incident number tidied. Raises ValidationError on "number" in another format than the agency's."""
    tidy = number.strip().upper()
    if not number_format.read(NumberFormat.current()).accepts(tidy):
        raise ValidationError({"number": _("Write the incident number like %(example)s.") % {"example": example()}})
    return tidy


def numbers_meant(typed: Typed) -> list[str]:
    """Return the numbers that a text may mean: as typed, for an incident older than the format, and by the format."""
    return sorted({each for each in (typed.tidy, number_meant(typed)) if each})


def number_meant(typed: Typed) -> str:
    return number_format.read(NumberFormat.current()).meant(typed.bare)


def example() -> str:
    return number_format.read(NumberFormat.current()).example(timezone.localdate().year, EXAMPLE)


def number_taken(incident: Incident, by: User) -> str:
    """Return the sentence for a number in use. People who may not see the incident learn only that it exists."""
    if why_not(may_see, by, incident):
        return _("Incident %(number)s already exists, and you are not on it. Ask a supervisor to assign you.") % {
            "number": incident.number
        }
    return _("Incident %(number)s already exists. You may open it.") % {"number": incident.number}


def check_window(starts_at: datetime, ends_at: datetime) -> None:
    """Raise ValidationError on "starts_at" or "ends_at" unless the incident has begun, and ends after its start."""
    if starts_at > timezone.now():
        raise ValidationError({"starts_at": _("This is in the future. An incident has already begun.")})
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The end must come after the start.")})


def reopens_until(incident: Incident) -> datetime | None:
    """Return until when the closing of an incident can be taken back; None if it can't."""
    if incident.closed_at is None or incident.settled_at is not None:
        return None
    return incident.closed_at + CLOSING_TAKEN_BACK_WITHIN


def lapses_at(incident: Incident) -> datetime | None:
    """Return when an open incident closes because nobody verified it; None if it does not."""
    if not is_open(incident) or incident.is_verified:
        return None
    return (incident.voided_at or incident.opened_at) + UNVERIFIED_LIFE


def must_be_reopenable(incident: Incident) -> None:
    """Raise Stale for an open incident, and for a closing that can't be taken back any more."""
    if is_open(incident):
        raise Stale(_("This incident is open."), subject=incident.subject)
    if incident.lapsed_at is not None:
        sentence = _("This incident was closed because nobody verified it in time. That can't be taken back.")
        raise Stale(sentence, subject=incident.subject)
    until = reopens_until(incident)
    if until is None or timezone.now() >= until:
        sentence = _("The ten minutes in which this closing could be taken back are over. Open another incident.")
        raise Stale(sentence, subject=incident.subject)


def may_reopen(by: User, incident: Incident) -> None:
    """Raise Refused unless the person closed the incident and still sees it, or is a supervisor.

    Raises TooManyOpen if it is unverified and its opener has too many unverified ones by now.
    """
    may_see(by, incident)
    if by.pk != incident.closed_by_id and not has(by.role, Permission.VERIFY_INCIDENT):
        sentence = _("Only the person who closed this incident, or a supervisor, can take that back.")
        raise Refused(sentence, subject=incident.subject)
    if not incident.is_verified:
        may_wait_again(incident)


def check_names(name: str, name_es: str, *, own: IncidentType | None = None) -> tuple[str, str]:
    """Return both names of an incident type tidied. Raises ValidationError on "name" or "name_es".

    A lawful assembly is no crime in either language, whatever an agency wants to list. own: the type to change; a name
    that another type has is refused.
    """
    return check_english(name, own=own), check_spanish(name_es)


def check_english(name: str, *, own: IncidentType | None = None) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise ValidationError({"name": _("Write the name as deputies will choose it.")})
    check_lawful(tidy, field="name")
    if IncidentType.objects.filter(name__iexact=tidy).exclude(pk__in=[own.pk] if own else []).exists():
        raise ValidationError({"name": _("This name is on the list already, or was once.")})
    return tidy


def check_spanish(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy:
        raise ValidationError({"name_es": _("Write the name in Spanish: owners read it in their language.")})
    check_lawful(tidy, field="name_es")
    return tidy


def is_used(incident_type: IncidentType) -> bool:
    return Incident.objects.filter(type=incident_type).exists()


def must_be_listed(incident_type: IncidentType) -> None:
    if incident_type.retired_at is not None:
        raise Stale(_("This type is off the list already."), subject=incident_type.subject)


def must_be_retired(incident_type: IncidentType) -> None:
    if incident_type.retired_at is None:
        raise Stale(_("This type is on the list already."), subject=incident_type.subject)


def check_choosable(incident_type: IncidentType) -> None:
    """Raise ValidationError on "type" for a retired type: no new incident can have it."""
    if incident_type.retired_at is not None:
        raise ValidationError({"type": _("This type is no longer on the agency's list. Choose another.")})


def check_pattern(pattern: str) -> number_format.NumberPattern:
    """Return a parsed format of numbers. Raises ValidationError on "pattern" with what to write instead."""
    try:
        return number_format.read(pattern)
    except number_format.UnreadablePattern as unreadable:
        raise ValidationError({"pattern": _unreadable(str(unreadable))}) from unreadable


def _unreadable(reason: str) -> str:
    sentences = {
        "brackets": _("A text in square brackets needs both brackets, and something between them."),
        "character": _("Use capital letters, digits, spaces, - / and . only; N, A and Y have a meaning of their own."),
        "digits": _("Leave room to count: at least %(fewest)d N."),
        "long": _("This is too long: a number has at most %(most)d characters."),
        "year": _("Write the year once, as YYYY or YY."),
    }
    return sentences[reason] % {"fewest": number_format.FEWEST_DIGITS, "most": number_format.LONGEST_NUMBER}


def check_number_to_join(number: str) -> str:
    """Return the number as the agency writes it. Raises ValidationError on "number" in another format."""
    return check_form_of_number(number_meant(Typed(number)) or number)


def may_ask(by: User) -> None:
    demand(by, Permission.ASK_TO_JOIN)


def must_not_be_on(seen: Incident | None) -> None:
    """Raise ValidationError on "number" if the person already sees the incident. seen: that incident, or None."""
    if seen is not None:
        raise ValidationError({"number": _("You work on this incident already: %(number)s.") % {"number": seen.number}})


def must_be_new(waits: bool) -> None:
    """Raise ValidationError on "number" while the person's earlier question about this number waits."""
    if waits:
        raise ValidationError({"number": _("You have asked about this number already.")})


def must_have_left(by: User) -> None:
    """Raise ValidationError on "number" if the person has asked as often as a day allows."""
    asked = JoinQuestion.objects.filter(asked_by=by, asked_at__gt=timezone.now() - JOIN_DAY)
    if asked.count() >= JOIN_QUESTIONS_A_DAY:
        sentence = _("You have asked %(number)d times in a day, which is all. A supervisor can assign you.")
        raise ValidationError({"number": sentence % {"number": JOIN_QUESTIONS_A_DAY}})


def may_answer(by: User, question: JoinQuestion, incident: Incident) -> None:
    """Raise Refused for a person who does not see the incident, or as `may_answer_if_seen`."""
    may_answer_if_seen(by, question, incident)
    if incident.is_verified:
        may_see(by, incident)


def may_answer_if_seen(by: User, question: JoinQuestion, incident: Incident) -> None:
    """Raise Refused for the person who asked, or one who may not answer. The caller checks who sees the incident.

    Before verification only a supervisor who did not open the incident answers: its opener must not choose alone who
    else counts as working on it.
    """
    demand(by, Permission.OPEN_INCIDENT, subject=incident.subject)
    if by.pk == question.asked_by_id:
        raise Refused(_("Somebody else answers your question."), subject=incident.subject)
    is_other = has(by.role, Permission.VERIFY_INCIDENT) and by.pk != incident.opened_by_id
    if not incident.is_verified and not is_other:
        raise Refused(
            _("Before the incident is verified, a supervisor answers who did not open it."), subject=incident.subject
        )


def must_have_time(question: JoinQuestion) -> None:
    if question.ends_at <= timezone.now():
        raise Stale(_("This question has ended. The person who asked can ask again."), subject=question.subject)
