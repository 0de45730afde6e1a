"""Where allauth tells that somebody signed in: the owner of an imported registration has come for it."""

from typing import Any

from allauth.account.signals import user_logged_in

from fusus_portal.ground.accounts.models import User
from registry.imports.services import people


def connect() -> None:
    """Listen. Called once, by AppConfig.ready."""
    user_logged_in.connect(_signed_in)


def _signed_in(*, user: User, **_: Any) -> None:
    people.claim(by=user)
