"""One-time sign-in addresses of the demo: for one account, once, within ten minutes."""

import secrets
from typing import Final

from django.core import signing
from django.core.cache import cache

from fusus_portal.ground.accounts.models import User

SALT: Final = "demo.sign-in"
SECONDS: Final = 10 * 60


def token_for(account: User) -> str:
    return signing.dumps([str(account.pk), secrets.token_hex(8)], salt=SALT)


def account_of(token: str) -> User | None:
    """Return the account and use the token up; None if it is used, old or not ours."""
    try:
        identity, once = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    if not cache.add(f"demo-sign-in:{once}", 1, timeout=SECONDS):
        return None
    return User.objects.filter(pk=identity, is_active=True).first()
