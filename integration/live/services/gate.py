"""The gate at work: asked before a view begins, for each piece of HLS, and again and again while a line is open.

It fails closed: if the live Valkey or the database does not answer, nobody sees anything. The entry of a refused view
is committed although the act is rolled back.
"""

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from redis import Redis

from audit.log.actors import NOWHERE, Source, Subject
from audit.log.events import Event
from audit.log.selectors import has_refused
from audit.log.services import record, record_refusal
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.sign_in.sessions import lasting_sign_ins_of
from fusus_portal.ground.lifecycle import NotYours, Refused
from integration.cores.models import DeviceCamera
from integration.live import policies, selectors
from integration.live.models import ViewGrant
from integration.live.states import GrantState
from integration.live.video import connection, decisions
from integration.live.video.decisions import KeptDecision
from integration.rules import WATCHED_EVERY
from integration.sharing import policies as sharing
from registry.incidents.models import Incident
from registry.limits.models import Limits


class ViewRefused(Refused):
    """Refusal of a view by the gate. condition: name of the condition that failed. change: what would change it."""

    def __init__(self, decision: policies.Decision, *, subject: Subject) -> None:
        super().__init__(decision.sentence, subject=subject)
        self.condition = decision.name
        self.change = decision.change


@dataclass(frozen=True, slots=True)
class Look:
    """A decision about a view at this moment. stream: the stream to show, None to show nothing.

    begins_minute: this minute of the view has no entry yet. minute_left: seconds until the next minute begins. is_away:
    the portal can't decide just now, so it shows nothing; asked again, it may decide otherwise.
    """

    decision: policies.Decision
    stream: UUID | None = None
    begins_minute: bool = False
    minute_left: float = 0.0
    is_away: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A view, the user who asks to see it, address and sign-in of the call. source: for the entry of a refusal."""

    view: UUID
    user: User
    network: str
    session: str
    source: Source = NOWHERE

    def is_deputy(self, kept: KeptDecision) -> bool:
        return kept.deputy == str(self.user.pk)

    def is_here(self, kept: KeptDecision) -> bool:
        """True if user, sign-in and network are those with which the view began."""
        same = hmac.compare_digest(kept.session, self.session)
        return self.is_deputy(kept) and same and kept.network == self.network


def must_see(
    *, deputy: User, camera: DeviceCamera, incident: Incident, now: datetime, reason: str | None = None
) -> None:
    """Raise ViewRefused with the first condition that fails. reason: None skips its check."""
    [decision] = of_cameras([camera], deputy=deputy, incident=incident, now=now, reason=reason).values()
    if not decision:
        raise ViewRefused(decision, subject=camera.subject)


def of_cameras(
    cameras: Sequence[DeviceCamera], *, deputy: User, incident: Incident, now: datetime, reason: str | None = None
) -> dict[UUID, policies.Decision]:
    """Return the decision on each camera by its id. Reads everything again. reason: None skips its check."""
    fresh = selectors.device_cameras([each.pk for each in cameras])
    known = selectors.facts_of_cameras(fresh, deputy=deputy, incident=incident, now=now, reason=reason)
    facts = {each.pk: facts for each, facts in zip(fresh, known, strict=True)}
    return {each.pk: _decision(facts.get(each.pk)) for each in cameras}


def of_grant(grant: ViewGrant, now: datetime) -> policies.Decision:
    """Return the decision on a view read with `views_with_facts`. It does not check where the viewer calls from."""
    [decision] = _of_grants([grant], now)
    return decision


def look(*, grant: UUID, user: User, session: bytes, network: str) -> Look:
    """Return the decision whether a playlist or piece of a view may be handed out now, with the stream.

    session, network: of the caller. Raises NotYours for another's view, and for one that does not exist. A refusal
    leaves an entry, one for each view and condition. While a decision is kept this asks the live Valkey once. It does
    not note again that the page still asks: that note was written with the decision, and lives ten times as long.
    """
    try:
        with connection.answering() as server:
            asked = Question(grant, user, network, session.hex())
            kept = decisions.get_all(server, [grant]).get(grant) or _decide(server, [asked]).get(grant)
            if kept is None or not asked.is_deputy(kept):
                raise NotYours(_("There is no such view."), subject=("view", str(grant)))
            decision = _said(kept, asked)
            if not decision:
                note_refusal(decision.name, by=user, view=grant)
            return _look(server, kept, asked, decision)
    except connection.LiveUnavailable:
        return Look(policies.failed_decision("live store"), is_away=True)
    except DatabaseError:
        return Look(policies.Decision(policies.UNKNOWN), is_away=True)


def look_at_all(questions: Sequence[Question]) -> list[Look]:
    """Return a `Look` for each question, in their order, for views on lines that stay open.

    Asks the live Valkey once for all, and the database in a fixed number of queries for views without a kept decision.
    Refuses a view that does not exist or is somebody else's. Writes nothing: the caller records refusals
    (`note_refusal`), so that the lock of one view holds up no answer to another.
    """
    try:
        with connection.answering() as server:
            kept = decisions.get_all(server, [each.view for each in questions])
            kept |= _decide(server, [each for each in questions if each.view not in kept])
            return [_look_of_line(server, kept.get(each.view), each) for each in questions]
    except connection.LiveUnavailable:
        return [Look(policies.failed_decision("live store"), is_away=True)] * len(questions)
    except DatabaseError:
        return [Look(policies.Decision(policies.UNKNOWN), is_away=True)] * len(questions)


def note_refusal(condition: str, *, by: User, view: UUID) -> None:
    """Record that a view was refused to its page: one entry for each view and condition."""
    if condition == "running":
        # A page asks once more after its view has ended; the view's own entry records that.
        return
    with transaction.atomic():
        rows = ViewGrant.objects.select_for_update(of=("self",), no_key=True)
        locked = rows.select_related("incident__type", "camera__camera__premises").get(pk=view)
        facts = {"condition": condition}
        if not has_refused(Event.VIEW_REFUSED, subject=locked.subject, facts=facts):
            record(
                event=Event.VIEW_REFUSED,
                actor=by.actor,
                subject=locked.subject,
                facts=facts,
                outcome="refused",
                **locked.incident.in_log,
                **_for_owner(condition, locked.camera),
            )


def note_refusal_before(condition: str, *, by: User, camera: DeviceCamera, incident: Incident) -> None:
    """Record that a view was refused before it began, at most once a minute. Call it after the act's transaction."""
    facts: dict[str, int | str] = {"condition": condition, "incident": str(incident.pk)}
    told = _for_owner(condition, camera)
    about = {"incident": str(incident.pk), "offence_type": incident.type.code, **told} if told else {}
    record_refusal(event=Event.VIEW_REFUSED, actor=by.actor, subject=camera.subject, facts=facts, **about)


def forget(grants: list[UUID]) -> None:
    transaction.on_commit(lambda: decisions.forget(grants))


def _for_owner(condition: str, camera: DeviceCamera | None) -> dict[str, str]:
    """Return the columns by which owners read a refusal by their own condition, {} for others: they reveal too much."""
    if camera is None or condition not in sharing.CONDITION_NAMES or not Limits.current().owners_read(timezone.now()):
        return {}
    place = camera.camera.premises
    return {"camera": str(camera.camera_id), "premises_type": place.kind, "area": place.zip_code[:5]}


def _decision(known: policies.Facts | None) -> policies.Decision:
    return policies.decide(known) if known else policies.failed_decision("connected")


def _of_grants(grants: Sequence[ViewGrant], now: datetime) -> list[policies.Decision]:
    known = selectors.facts_of_grants(grants, now=now)
    return [
        # Name the condition that ended it, even if it holds again.
        policies.failed_decision(grant.condition or "running") if grant.state == GrantState.ENDED else _decision(facts)
        for grant, facts in zip(grants, known, strict=True)
    ]


def _decide(server: Redis, asked: Sequence[Question]) -> dict[UUID, KeptDecision]:
    """Read facts, keep and return decisions. Refuses a view whose sign-in ended: an open line learns it only here."""
    if not asked:
        return {}
    read_at_ms = decisions.now_ms(server)
    by_view = {each.view: each for each in asked}
    found = list(selectors.views_with_facts().filter(pk__in=by_view))
    lasting = lasting_sign_ins_of({view.deputy_id for view in found})
    kept = {
        view.pk: _kept(view, decision, by_view[view.pk], lasting=lasting)
        for view, decision in zip(found, _of_grants(found, timezone.now()), strict=True)
    }
    decisions.keep(server, kept, read_at_ms=read_at_ms)
    return kept


def _kept(found: ViewGrant, decision: policies.Decision, asked: Question, *, lasting: Collection[str]) -> KeptDecision:
    session = bytes(found.session).hex()
    kept = KeptDecision(
        deputy=str(found.deputy_id),
        network=found.network,
        session=session,
        failed=decision.name or ("" if session in lasting else "viewer"),
        stream=str(found.stream_id or ""),
        began=found.began_at.timestamp(),
        minutes=found.minutes,
    )
    return replace(kept, asked=not kept.failed and asked.is_here(kept))


def _look(server: Redis, kept: KeptDecision, asked: Question, decision: policies.Decision) -> Look:
    if decision and not kept.asked:
        # Somebody else's question led to this decision, and keeps no view alive.
        decisions.note_asked(server, asked.view)
    if not decision or not kept.stream:
        return Look(decision)
    begun, past = divmod(timezone.now().timestamp() - kept.began, WATCHED_EVERY.total_seconds())
    left = WATCHED_EVERY.total_seconds() - past
    return Look(decision, stream=UUID(kept.stream), begins_minute=begun >= kept.minutes, minute_left=left)


def _look_of_line(server: Redis, kept: KeptDecision | None, asked: Question) -> Look:
    if kept is None or not asked.is_deputy(kept):
        return Look(policies.failed_decision("viewer"))
    return _look(server, kept, asked, _said(kept, asked))


def _said(kept: KeptDecision, asked: Question) -> policies.Decision:
    name = kept.failed or ("" if asked.is_here(kept) else "viewer")
    return policies.failed_decision(name) if name else policies.ALLOWED
