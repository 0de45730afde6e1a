from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor, ActorKind
from fusus_portal.ground.lifecycle import NotYours, Stale
from registry import hooks
from registry.canvasses.models.canvasses import FootageRequest
from registry.canvasses.states import REQUEST, RequestState


def may_answer(actor: Actor, request: FootageRequest) -> None:
    """Raise NotYours unless the actor holds this request's link, or is its registrant, signed in."""
    owner = request.registrant
    holders = {ActorKind.LINK: str(request.pk), ActorKind.USER: str(owner.user_id)} if owner else {}
    if holders.get(actor.kind) != actor.id:
        raise NotYours(_("There is no such request."), subject=request.subject)


def must_be_valid(request: FootageRequest, *, at: datetime | None = None) -> None:
    """Raise Stale for a request that is withdrawn, expired, or of a closed incident.

    at: when the owner acted, if not now: a file that arrived in time may be checked later.
    """
    subject = request.subject
    if request.state == RequestState.WITHDRAWN:
        raise Stale(withdrawn_sentence(), subject=subject)
    if request.is_over(at or timezone.now()):
        raise Stale(_("This link has expired. Footage can no longer be given through it."), subject=subject)
    if not request.incident.takes_answers:
        raise Stale(_("This incident is closed. Nothing more is needed from you. Thank you."), subject=subject)


def withdrawn_sentence() -> str:
    return _("This request was withdrawn. Nothing more is needed from you. Thank you.")


def can_become(request: FootageRequest, answer: str) -> bool:
    """True if this answer can be given now. "Rather not" may become any other, and "none" footage."""
    return (request.state, answer) in REQUEST.transitions


def can_take_footage(request: FootageRequest) -> bool:
    """True if footage can be given now: the first of it, or more."""
    return request.state == RequestState.FOOTAGE or can_become(request, RequestState.FOOTAGE)


def must_take(request: FootageRequest, answer: str) -> None:
    """Raise Stale if an earlier answer excludes this one: the Back button, or a second tab."""
    if not can_become(request, answer):
        raise Stale(
            _("You have already answered this request: %(answer)s.") % {"answer": request.get_state_display()},
            subject=request.subject,
        )


def must_not_be_given(request: FootageRequest) -> None:
    """Raise Stale if footage was given another way, or is on its way: that is an answer, and no owner can decline then.

    The deputy sees that it was given. A decline would keep it from arriving, and that would show (promise R4).
    """
    if sentence := hooks.others_of(request).given:
        raise Stale(sentence, subject=request.subject)
