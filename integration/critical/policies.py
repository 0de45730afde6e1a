"""Rules of critical incidents: who declares, where and how long, who breaks the glass, with which reasons (promise B4).

To break the glass is to declare without a supervisor, for half an hour. Nobody need verify the incident before: the
person who confirms the broken glass is the second person (CJIS AC-5).
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.geo.points import Point, square_miles
from fusus_portal.ground.lifecycle import Refused, Stale, check_length
from fusus_portal.ground.pages.numbers import in_feet, least_feet
from integration import rules
from integration.critical.models import LONGEST_REASON, Declaration, DeclarationKind
from integration.critical.states import DeclarationState
from registry.incidents.models import Incident
from registry.incidents.policies import reasons
from registry.incidents.policies.incidents import may_see, must_be_open
from registry.limits.models import Limits
from registry.places.policies import check_inside

LONGEST_JUSTIFICATION = 4_000


def check_fresh_reason(reason: str, *, incident: Incident, known: Iterable[str] = ()) -> str:
    """Return the tidy reason. Raises on "reason" if it only repeats the incident, or the earlier reasons `known`."""
    tidy, limits = " ".join(reason.split()), Limits.current()
    if not tidy:
        raise ValidationError({"reason": _("Write why this is needed now.")})
    check_length(tidy, most=LONGEST_REASON, field="reason")
    _check_words(tidy, field="reason")
    if not reasons.says_why(tidy, limits=limits):
        sentence = _("This does not say why. Write what happens there, in a few words of your own.")
        raise ValidationError({"reason": sentence})
    said = list(known)
    try:
        kept = reasons.check_reason(
            tidy, limits=limits, repeats=[incident.number, *incident.type.names, incident.place, *said]
        )
    except ValidationError:
        raise ValidationError({"reason": _repeats()}) from None
    check_new_words(kept, said=said)
    return kept


def check_new_words(reason: str, *, said: Iterable[str], field: str = "reason") -> None:
    """Raise ValidationError on `field` if a reason only repeats words of the earlier texts `said`, in any order."""
    earlier = list(said)
    if earlier and not reasons.adds_a_word(reason, earlier):
        raise ValidationError({field: _repeats()})


def _repeats() -> str:
    return _("This repeats what is known already. Say what is new, or what must be seen.")


def check_justification(text: str, *, asked: str) -> str:
    """Return the justification. Raises on "justification" if it says nothing or only repeats the reason `asked`."""
    tidy = text.strip()
    check_length(tidy, most=LONGEST_JUSTIFICATION, field="justification")
    _check_words(tidy, field="justification")
    if not reasons.says_why(tidy, limits=Limits.current()):
        sentence = _("Write what happened, and why nobody could wait for a supervisor.")
        raise ValidationError({"justification": sentence})
    check_new_words(tidy, said=[asked], field="justification")
    return tidy


def _check_words(text: str, *, field: str) -> None:
    reasons.check_one_alphabet(text, field=field)
    try:
        reasons.check_lawful(text, field=field)
    except ValidationError:
        sentence = _("Cameras are never viewed because of a protest, an assembly or other lawful activity.")
        raise ValidationError({field: sentence}) from None
    reasons.check_nobody_named(text, field=field)


SMALLEST_RADIUS_M = 25.0


def is_in_force(declaration: Declaration | None, now: datetime) -> bool:
    """True if a declaration counts at `now`. The clock decides, not the task that ends it."""
    if declaration is None or declaration.state != DeclarationState.IN_FORCE:
        return False
    begins, ends = declaration.starts_at, declaration.ends_at
    return begins is not None and ends is not None and begins <= now < ends


def is_vouched_for(declaration: Declaration | None, *, is_verified: bool) -> bool:
    """True if a second person vouched for the incident: by verifying it, or by confirming its broken glass."""
    return is_verified or (declaration is not None and declaration.is_glass)


def must_be_declarable(incident: Incident) -> None:
    """Raise Stale for a closed incident, Refused for an unverified one: neither is declared critical."""
    must_be_open(incident)
    if not incident.is_verified:
        raise Refused(_("A supervisor must verify this incident first."), subject=incident.subject)


def may_declare(by: User, incident: Incident) -> None:
    """Raise Refused unless the user is a supervisor who did not open the incident (CJIS AC-5)."""
    demand(by, Permission.DECLARE, subject=incident.subject)
    if by.pk == incident.opened_by_id:
        sentence = _("You opened this incident, so you can't declare it critical. Ask another supervisor.")
        raise Refused(sentence, subject=incident.subject)


def must_not_be_critical(current: Declaration | None, *, beyond: bool = False) -> None:
    """Raise Stale while a declaration other than broken glass is in force. beyond: a larger circle may replace it."""
    if current is not None and current.kind != DeclarationKind.BREAK_GLASS and not beyond:
        must_lack_declaration(current)


def must_not_await_second(waiting: Declaration | None) -> None:
    if waiting is not None:
        raise Stale(_("A declaration waits for a second person already."), subject=waiting.subject)


def must_await_second(declaration: Declaration, kind: DeclarationKind | None = None) -> None:
    """Raise Stale if a declaration waits for no second person any more, or is not of this kind."""
    if declaration.state == DeclarationState.IN_FORCE:
        raise Stale(_("Somebody has confirmed this already."), subject=declaration.subject)
    if declaration.state != DeclarationState.PROPOSED or declaration.kind != (kind or declaration.kind):
        raise Stale(_("This does not wait for a second person any more."), subject=declaration.subject)


def may_second_declaration(by: User, declaration: Declaration, incident: Incident) -> None:
    """Raise Refused unless the user is a second person who may declare this kind (CJIS AC-5).

    Any deputy or supervisor may confirm broken glass, assigned or not: at night nobody can assign one first.
    """
    if by.pk == declaration.declared_by_id:
        raise Refused(_("Somebody else must confirm this."), subject=declaration.subject)
    if declaration.kind == DeclarationKind.BREAK_GLASS:
        demand(by, Permission.VIEW_LIVE, subject=declaration.subject)
        may_break_glass(by, incident)
    else:
        may_declare(by, incident)


def may_decline_declaration(by: User, declaration: Declaration, incident: Incident) -> None:
    """Raise Refused unless the user made the declaration, may confirm it, or (for broken glass) sees the incident."""
    if by.pk == declaration.declared_by_id:
        return
    if declaration.kind == DeclarationKind.BREAK_GLASS:
        may_see(by, incident)
    else:
        may_second_declaration(by, declaration, incident)


def may_renew_declaration(by: User, declaration: Declaration | None, incident: Incident) -> None:
    """Raise Refused unless the user may declare; Stale if the declaration ended or is broken glass."""
    may_declare(by, incident)
    if declaration is None or not is_in_force(declaration, timezone.now()):
        raise Stale(_("This incident is not declared critical any more."), subject=incident.subject)
    if declaration.kind == DeclarationKind.BREAK_GLASS:
        sentence = _("Breaking the glass can't be renewed. A supervisor declares the incident critical instead.")
        raise Stale(sentence, subject=declaration.subject)


def must_be_in_force(declaration: Declaration) -> None:
    if declaration.state != DeclarationState.IN_FORCE:
        raise Stale(_("This incident is not declared critical any more."), subject=declaration.subject)


def last_moment_of_day(first_at: datetime | None, now: datetime, *, incident: Incident) -> datetime:
    """Return when 24 hours since an incident's first declaration are over. Raises Stale if they are over at `now`."""
    if first_at is not None and is_day_over(first_at, now):
        sentence = _("The 24 hours since this incident was first declared critical are over.")
        raise Stale(sentence, subject=incident.subject)
    return (first_at or now) + rules.DECLARED_AT_MOST


def is_day_over(first_at: datetime, now: datetime) -> bool:
    return first_at + rules.DECLARED_AT_MOST <= now


def check_circle(point: Point | None, radius_m: float | None, *, incident: Incident) -> tuple[Point, float]:
    """Return the circle's middle and radius in meters. Raises on "point", "radius_m" unless it holds the incident."""
    middle = point or incident.point
    radius = rules.DECLARED_RADIUS_M if radius_m is None else radius_m
    # A comparison with NaN is false, so NaN is refused here as well.
    if not SMALLEST_RADIUS_M <= radius <= rules.LARGEST_RADIUS_M:
        sentence = _("The radius must be between %(least)s and %(most)s feet.")
        least_and_most = {"least": f"{least_feet(SMALLEST_RADIUS_M):,}", "most": f"{in_feet(rules.LARGEST_RADIUS_M):,}"}
        raise ValidationError({"radius_m": sentence % least_and_most})
    check_inside(middle, field="point")
    if middle.distance_m(incident.point) > radius:
        raise ValidationError({"point": _("The circle must hold the place of the incident.")})
    return middle, radius


def is_beyond_limits(radius_m: float) -> bool:
    return square_miles(radius_m) > rules.DECLARED_SQUARE_MILES


def must_have_whole_glass(incident: Incident, *, was_broken: bool) -> None:
    if was_broken:
        raise Stale(_("The glass was broken for this incident before. It is broken once."), subject=incident.subject)


def may_break_glass(by: User, incident: Incident) -> None:
    """Raise Refused if the user asked for broken glass or confirmed it twice in 7 days, over all incidents."""
    of_person = Q(declared_by=by) | Q(seconded_by=by)
    counts = Q(state=DeclarationState.PROPOSED) | Q(starts_at__gt=timezone.now() - rules.GLASS_OF_ONE_WITHIN)
    glass = Declaration.objects.filter(of_person, counts, kind=DeclarationKind.BREAK_GLASS)
    if glass.count() >= rules.GLASS_OF_ONE:
        sentence = _(
            "You asked for broken glass, or confirmed it, twice in 7 days. Call another deputy or supervisor to do it, "
            "or a supervisor who verifies the incident and declares it critical."
        )
        raise Refused(sentence, subject=incident.subject)


def must_lack_declaration(current: Declaration | None) -> None:
    if current is not None and is_in_force(current, timezone.now()):
        raise Stale(_("This incident is declared critical already."), subject=current.subject)


def may_justify_glass(by: User, declaration: Declaration) -> None:
    """Raise Refused unless the user is one of the two who broke the glass; Stale if one of them has justified it."""
    if declaration.kind != DeclarationKind.BREAK_GLASS or declaration.starts_at is None:
        raise Stale(_("No glass was broken by this."), subject=declaration.subject)
    if by.pk not in {declaration.declared_by_id, declaration.seconded_by_id}:
        raise Refused(_("One of the two who broke the glass says why."), subject=declaration.subject)
    if declaration.justified_at is not None:
        raise Stale(_("It was justified already."), subject=declaration.subject)
