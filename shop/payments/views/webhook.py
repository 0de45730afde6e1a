import logging

from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from fusus_portal.ground.access import public
from shop.payments.gateway.notices import BadNotice, read
from shop.payments.services import gateway_news

LONGEST = 1024**2
"""Bytes of a webhook. Real ones have some thousand."""

logger = logging.getLogger(__name__)


@public
@csrf_exempt  # no cookie gives a right here: the signature does
@never_cache
def payments_webhook(request: HttpRequest) -> HttpResponseBase:
    """Record a webhook, and answer 200 as soon as it is committed, also if it is known already.

    A webhook that is not signed by the payment service, or was signed more than five minutes ago, gets 400 and changes
    nothing.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if int(request.headers.get("Content-Length") or 0) > LONGEST:
        return JsonResponse({"error": "too large"}, status=413)
    try:
        notice = read(request.body, request.headers.get("Stripe-Signature", ""))
    except BadNotice:
        # Anybody may call this: an entry of the log for each call would let them fill it.
        logger.warning("A message to the payment webhook was not signed by the payment service, or too old.")
        return JsonResponse({"error": "signature"}, status=400)
    gateway_news.receive(notice=notice)
    return JsonResponse({"received": True})
