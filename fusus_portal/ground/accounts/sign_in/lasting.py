from collections.abc import Collection
from types import SimpleNamespace
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from fusus_portal.ground.access.source import digest_of
from fusus_portal.ground.accounts.sign_in.sessions import ended


def lasting_of(accounts: Collection[UUID]) -> set[str]:
    """Return opaque ids (`sign_in_of`) of agency sign-ins that have not ended, outside any request. Two queries."""
    keys = list(UserSession.objects.filter(user__in=accounts).values_list("session_key", flat=True))
    found = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return {digest_of(each.session_key) for each in found if not ended(SimpleNamespace(session=each.get_decoded()))}
