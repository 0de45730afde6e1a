from collections.abc import Iterable

import allauth.account.urls
import allauth.mfa.urls
import allauth.usersessions.urls
from django.db import transaction
from django.urls import URLPattern, URLResolver, include, path

from fusus_portal.ground.access.requests import evened
from fusus_portal.ground.accounts import views
from fusus_portal.ground.accounts.sign_in import tries as sign_in

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
"""Pages that take an e-mail address or a code mailed to it. They answer at even times, which reveal no account."""


def in_one_transaction(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Wrap each view in one transaction, so that act and entry commit together."""
    found = list(patterns)
    for pattern in found:
        if isinstance(pattern, URLResolver):
            in_one_transaction(pattern.url_patterns)
        else:
            pattern.callback = sign_in.answered(transaction.atomic(pattern.callback))
            if pattern.name in DOORS:
                # After the commit and its mail.
                pattern.callback = evened(pattern.callback)
    return found


urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/oidc/", views.oidc_begin, name="oidc_begin"),
    path("account/oidc/callback/", views.oidc_callback, name="oidc_callback"),
    path("account/signup/address/", views.other_address, name="account_other_address"),
    path("account/signup/again/", views.start_again, name="account_start_again"),
    path("account/contact/", views.contact, name="account_contact"),
    path("account/invitation/<str:token>/", views.invitation, name="invitation"),
    path("console/notice/", views.system_use_notice, name="system_use_notice"),
    path("console/extend/", views.stay_signed_in, name="stay_signed_in"),
    path("console/admin/people/", views.people, name="people"),
    path("console/admin/people/invite/", views.person_invite, name="person_invite"),
    path("console/admin/people/<uuid:account_id>/", views.person, name="person"),
    path("console/admin/people/<uuid:account_id>/suspend/", views.person_suspend, name="person_suspend"),
    path(
        "console/admin/people/suspensions/<uuid:suspension_id>/confirm/",
        views.suspension_confirm,
        name="suspension_confirm",
    ),
    path("console/admin/people/changes/<uuid:change_id>/approve/", views.change_approve, name="change_approve"),
    path("console/admin/people/changes/<uuid:change_id>/cancel/", views.change_cancel, name="change_cancel"),
    path("account/", include(in_one_transaction(allauth.account.urls.urlpatterns))),
    path("account/2fa/", include(in_one_transaction(allauth.mfa.urls.urlpatterns))),
    path("account/sessions/", include(in_one_transaction(allauth.usersessions.urls.urlpatterns))),
]
