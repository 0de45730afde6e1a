from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from audit.log.actors import Actor
from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.lifecycle import Refused
from fusus_portal.ground.push import policies
from fusus_portal.ground.push.models import PushSubscription


@transaction.atomic
def turn_on(*, session: str, endpoint: str, p256dh: str, auth: str, by: User) -> PushSubscription:
    """Show notices in a browser during this sign-in. session: its key. Raises ValidationError, Refused."""
    policies.check_endpoint(endpoint)
    policies.check_keys(p256dh=p256dh, auth=auth)
    held = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    sign_in = Session.objects.select_for_update().filter(pk=session).first()
    if sign_in is None or not held.is_agency or not held.is_active:
        raise Refused(_("Sign in again, then turn notices on."), subject=held.subject)
    PushSubscription.objects.filter(session=sign_in).exclude(endpoint=endpoint).delete()
    # A browser shows notices to one account: its former user gets no more.
    made, _is_new = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={"account": held, "session": sign_in, "p256dh": p256dh, "auth": auth, "sent_at": None},
    )
    record(event=Event.PUSH_TURNED_ON, actor=held.actor, subject=held.subject)
    return made


@transaction.atomic
def turn_off(*, session: str, by: User) -> int:
    ended = PushSubscription.objects.filter(account=by, session_id=session).delete()[0]
    if ended:
        record(event=Event.PUSH_TURNED_OFF, actor=by.actor, subject=by.subject)
    return ended


def end_all_of(account: User, _by: Actor) -> None:
    account.push_subscriptions.all().delete()
