from collections.abc import Iterable

import allauth.account.urls
import allauth.mfa.urls
import allauth.usersessions.urls
from django.db import transaction
from django.urls import URLPattern, URLResolver, include, path

from fusus_portal.ground.access.evened import evened
from fusus_portal.ground.accounts.sign_in import known_browsers
from fusus_portal.ground.accounts.views import console, outside, own, sign_up

DOORS = frozenset(
    {
        "account_login",
        "account_signup",
        "account_email_verification_sent",
        "account_reset_password",
        "account_confirm_login_code",
        "account_email",
    }
)
"""Pages that take an address or its code. They answer at even times, which reveal no account."""


def in_one_transaction(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Wrap each view in one transaction, so that act and entry commit together."""
    found = list(patterns)
    for pattern in found:
        if isinstance(pattern, URLResolver):
            in_one_transaction(pattern.url_patterns)
        else:
            pattern.callback = known_browsers.answered(transaction.atomic(pattern.callback))
            if pattern.name in DOORS:
                # After the commit and its mail.
                pattern.callback = evened(pattern.callback)
    return found


urlpatterns = [
    path("account/", own.account, name="account"),
    path("account/oidc/", outside.oidc_begin, name="oidc_begin"),
    path("account/oidc/callback/", outside.oidc_callback, name="oidc_callback"),
    path("account/signup/address/", sign_up.other_address, name="account_other_address"),
    path("account/signup/again/", sign_up.start_again, name="account_start_again"),
    path("account/contact/", own.contact, name="account_contact"),
    path("account/invitation/<str:token>/", own.invitation, name="invitation"),
    path("console/notice/", own.system_use_notice, name="system_use_notice"),
    path("console/extend/", own.stay_signed_in, name="stay_signed_in"),
    path("console/admin/people/", console.people, name="people"),
    path("console/admin/people/invite/", console.person_invite, name="person_invite"),
    path("console/admin/people/<uuid:account_id>/", console.person, name="person"),
    path("console/admin/people/<uuid:account_id>/suspend/", console.person_suspend, name="person_suspend"),
    path(
        "console/admin/people/suspensions/<uuid:suspension_id>/confirm/",
        console.suspension_confirm,
        name="suspension_confirm",
    ),
    path("console/admin/people/changes/<uuid:change_id>/approve/", console.change_approve, name="change_approve"),
    path("console/admin/people/changes/<uuid:change_id>/cancel/", console.change_cancel, name="change_cancel"),
    path("account/", include(in_one_transaction(allauth.account.urls.urlpatterns))),
    path("account/2fa/", include(in_one_transaction(allauth.mfa.urls.urlpatterns))),
    path("account/sessions/", include(in_one_transaction(allauth.usersessions.urls.urlpatterns))),
]
