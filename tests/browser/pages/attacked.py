"""People whose account strangers try to open."""

from django.test import Client
from django.urls import reverse

from fusus_portal.ground.access import limits
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.sign_in import tries
from tests.accounts.codes import mailed_link
from tests.people import PASSWORD


def attacked(asked: Client, forgetful: Client, tried: User, forgot: User) -> dict[str, str]:
    """Let one browser be asked for a mailed code, and another open the link to a new password.

    Return what the address of that link's page names.
    """
    for _failure in range(100):
        limits.spend(*tries.of_a_day(tries.digest_of(tried.email)))
    asked.post(reverse("account_login"), {"login": tried.email, "password": PASSWORD})
    forgetful.post(reverse("account_reset_password"), {"email": forgot.email})
    forgetful.get(mailed_link())
    return {"uidb36": mailed_link().split("/")[-2].partition("-")[0], "key": "set-password"}
