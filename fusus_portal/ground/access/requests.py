"""The request of somebody whom the gate has let in."""

from django.http import HttpRequest

from fusus_portal.ground.accounts.models import User


class SignedInRequest(HttpRequest):
    """What a view behind `@requires` gets: its user is an account, never a visitor."""

    user: User
