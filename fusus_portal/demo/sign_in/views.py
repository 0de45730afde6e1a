from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fusus_portal.demo.guard import demo_only
from fusus_portal.demo.sign_in.tokens import account_of
from fusus_portal.ground.access import public
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.sign_in import sessions


@public
@require_safe
@never_cache
@demo_only
@transaction.atomic
def sign_in(request: HttpRequest, token: str) -> HttpResponseBase:
    """Sign in the account of a one-time address, as if password, second factor and notice had been given."""
    account = account_of(token)
    if account is None:
        raise Http404("the address was used already, or is too old")
    request.session.flush()
    sessions.acknowledge_notice(request)
    record_authentication(request, account, "password", email=account.email)
    if account.is_agency:
        record_authentication(request, account, "mfa", type="demo")
    return _signed_in(request, account)


def _signed_in(request: HttpRequest, account: User) -> HttpResponseBase:
    adapter = get_adapter(request)
    adapter.login(request, account)
    response: HttpResponseBase = adapter.post_login(
        request,
        account,
        email_verification="none",
        signal_kwargs=None,
        email=account.email,
        signup=False,
        redirect_url=None,
    )
    return response
