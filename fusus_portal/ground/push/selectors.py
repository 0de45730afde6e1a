from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.sign_in import sessions
from fusus_portal.ground.push.models import PushSubscription


def of_session(key: str | None) -> PushSubscription | None:
    return PushSubscription.objects.filter(session_id=key).first() if key else None


def lasts(subscription: PushSubscription) -> bool:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(subscription.session_id)
    if subscription.session.expire_date <= timezone.now() or sessions.ended(request):
        return False
    account = get_user(request)
    if not isinstance(account, User) or account.pk != subscription.account_id:
        return False
    return account.is_agency and account.is_active and not account.is_locked
