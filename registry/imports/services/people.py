"""People of an import: they get a mail, take over their registration, decline, or are deleted after 90 days."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.actors import Actor, ActorKind
from audit.log.events import KEPT, Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User, task_actor
from fusus_portal.ground.lifecycle import Other, Stale
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.services import outbox as notifications
from registry.imports import selectors
from registry.imports.models import ImportBatch, Imported, ImportInvitation, StaysOut
from registry.imports.policies import email_digests
from registry.imports.services import imports
from registry.imports.services.rows import delete_invitations, withdraw_invitations
from registry.imports.states import ImportState
from registry.incidents.models import Incident
from registry.people.services import departures, registrants
from registry.registrants.models import Registrant
from registry.rules import IMPORT_MAILS_AT_ONCE, INVITATION_KEPT

POSTMAN = "registry.write_to_imported"
FORGETTER = "registry.forget_invitations"


def write_due() -> int:
    """Write the next mails of imports whose mails an administrator asked for, 250 at most; return how many."""
    batches = ImportBatch.objects.filter(state=ImportState.DONE, mailing_at__isnull=False).order_by("mailing_at")
    left = IMPORT_MAILS_AT_ONCE
    for batch in batches:
        left -= _write_to_some(batch, left)
    return IMPORT_MAILS_AT_ONCE - left


def claim(*, by: User) -> bool:
    """Note that the owner of an imported registration has signed in; True the first time."""
    with transaction.atomic():
        imported = Imported.objects.select_for_update().filter(registrant__user=by, claimed_at__isnull=True).first()
        if imported is None:
            return False
        imported.claimed_at = timezone.now()
        imported.save(update_fields=["claimed_at"])
        notifications.withdraw_many(subjects=[imported.subject])
        record(event=Event.REGISTRANT_CLAIMED, actor=by.actor, subject=imported.subject)
    return True


def leave(*, registrant: Registrant) -> None:
    """End an imported registration by the link in its mail, all or nothing (promise R12), as when its owner leaves.

    Raises Stale once its owner has claimed it, since then a link is no longer enough.
    """
    owner = registrant.user

    def act(locked: Registrant, incidents: Sequence[Incident]) -> None:
        _must_be_unclaimed(locked)
        registrants.end(registrant=locked, by=owner, incidents=incidents)

    departures.with_all_locked(registrant=registrant.pk, by=owner, act=act)


def decline(*, invitation: ImportInvitation) -> None:
    """Delete the data of an invited person at once, and keep them out of imports. Raises Stale the second time."""
    with transaction.atomic():
        locked = ImportInvitation.objects.select_for_update(of=("self",)).filter(pk=invitation.pk).first()
        if locked is None:
            raise Stale(_("This invitation has ended."), subject=invitation.subject)
        leave_out(email=locked.email)
        actor = Actor(ActorKind.LINK, str(locked.pk), role=Other.LINK)
        record(event=Event.INVITATION_DECLINED, actor=actor, subject=locked.subject)
        delete_invitations([locked])


def forget_old() -> int:
    """Delete invitations that nobody took up in 90 days, and old fingerprints; return how many invitations.

    Invitations of people who registered at the moment of the import are deleted too.
    """
    actor = task_actor(FORGETTER)
    with transaction.atomic():
        late = ImportInvitation.objects.select_for_update(of=("self",), skip_locked=True)
        over = Q(imported_at__lte=timezone.now() - INVITATION_KEPT) | selectors.REGISTERED
        invitations = list(late.filter(over).select_related("batch"))
        delete_invitations(invitations)
        for batch in sorted({invitation.batch for invitation in invitations}, key=lambda each: each.number):
            gone = sum(invitation.batch == batch for invitation in invitations)
            record(event=Event.INVITATIONS_EXPIRED, actor=actor, subject=batch.subject, facts={"people": gone})
        StaysOut.objects.filter(since__lte=timezone.now() - KEPT).delete()
    return len(invitations)


def leave_out(*, email: str) -> None:
    StaysOut.objects.get_or_create(digest=email_digests(email)[0])


def welcome(*, email: str) -> None:
    StaysOut.objects.filter(digest__in=email_digests(email)).delete()
    withdraw_invitations(emails=[email])


def _write_to_some(batch: ImportBatch, most: int) -> int:
    now = timezone.now()
    with transaction.atomic():
        locked = imports.hold(batch.pk)
        if locked.state != ImportState.DONE or locked.mailing_at is None:
            return 0
        untold = selectors.untold_registrations(locked).select_related("registrant__user")
        owners = list(untold.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:most])
        waiting = selectors.untold_invitations(locked).select_for_update(of=("self",), skip_locked=True)
        invited = list(waiting.order_by("pk")[: most - len(owners)])
        if not owners and not invited:
            return 0
        Imported.objects.filter(pk__in=[owner.pk for owner in owners]).update(told_at=now)
        ImportInvitation.objects.filter(pk__in=[each.pk for each in invited]).update(told_at=now)
        notifications.send_many(
            kind=MessageKind.REGISTRATION_IMPORTED,
            letters=[
                notifications.Letter(owner.registrant, owner.subject, {"registrant": str(owner.pk)}) for owner in owners
            ],
        )
        notifications.send_many(
            kind=MessageKind.IMPORT_INVITATION,
            letters=[notifications.Letter(each, each.subject, {"invitation": str(each.pk)}) for each in invited],
        )
        facts = {"people": len(owners) + len(invited)}
        record(event=Event.IMPORT_WROTE, actor=task_actor(POSTMAN), subject=locked.subject, facts=facts)
    return len(owners) + len(invited)


def _must_be_unclaimed(registrant: Registrant) -> None:
    """Raise Stale if the owner of an imported registration has claimed it. The lock lets nobody claim it meanwhile."""
    rows = Imported.objects.select_for_update(no_key=True).filter(registrant=registrant, claimed_at__isnull=True)
    if rows.first() is None:
        raise Stale(_("This registration was opened already. Please sign in."), subject=registrant.subject)
