from django.http import HttpRequest

from fusus_portal.ground.accounts.models import User


class SignedInRequest(HttpRequest):
    user: User
