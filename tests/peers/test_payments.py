"""The payment peer is what the tests of money believe: it listens here only, and its faults are the ones planned."""

import re
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import stripe

from fusus_portal.demo.payments.money import OTHER_ADDRESS as ELSEWHERE
from shop.payments.gateway.answers import checked_address
from tests.peers.payments import ASKS, DECLINED, DECLINED_AT_ONCE, KEY, PAID, SECRET, PaymentPeer

Json = dict[str, Any]
HOME = {"line1": "600 20th St N", "city": "Birmingham", "state": "AL", "postal_code": "35203"}


@pytest.fixture
def service(payment_peer: PaymentPeer) -> stripe.StripeClient:
    """The service's own library, talking to the peer."""
    client = stripe.RequestsClient(timeout=5)
    return stripe.StripeClient(KEY, base_addresses={"api": payment_peer.url}, max_network_retries=0, http_client=client)


def opened(service: stripe.StripeClient, cents: int = 35_000, **more: Any) -> stripe.checkout.Session:
    """Open a session for one CORE."""
    price = {"currency": "usd", "unit_amount": cents, "product_data": {"name": "CORE"}}
    params: Any = {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "http://localhost/done?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://localhost/back",
        "metadata": {"attempt": "a"},
        "payment_intent_data": {"metadata": {"attempt": "a"}, "setup_future_usage": "off_session"},
        **more,
    }
    return service.v1.checkout.sessions.create(params=params)


def paid(service: stripe.StripeClient, peer: PaymentPeer) -> str:
    """Return the intent of a paid session."""
    return str(peer.pay(opened(service).id)["payment_intent"])


class Stays(urllib.request.HTTPRedirectHandler):
    """Follows nothing."""

    def redirect_request(self, *arguments: Any) -> None:
        return None


def typed(url: str, **form: str) -> tuple[int, str, str]:
    """Send a form as a browser without script does; return status, page and where it leads."""
    body = urllib.parse.urlencode(form).encode() if form else None
    try:
        with urllib.request.build_opener(Stays).open(url, body, timeout=5) as answer:
            return answer.status, answer.read().decode(), ""
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers.get("Location", "")


def test_it_listens_on_this_machine_only_and_keeps_nothing(payment_peer: PaymentPeer) -> None:
    assert payment_peer.listening() == {"127.0.0.1"}
    assert not Path("/tmp/localstripe.pickle").exists()


def test_a_name_that_somebody_pointed_at_this_machine_opens_nothing(payment_peer: PaymentPeer) -> None:
    request = urllib.request.Request(f"{payment_peer.url}/_control/state", b"{}", {"Host": "evil.example"})  # noqa: S310
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=5)  # noqa: S310


def test_a_buyer_is_declined_asked_by_the_bank_and_pays_without_script(
    payment_peer: PaymentPeer, service: stripe.StripeClient
) -> None:
    session = opened(service)
    assert session.url is not None
    assert "Pay $350.00" in typed(session.url)[1]
    for number in (DECLINED, DECLINED_AT_ONCE, "1"):
        status, page, _to = typed(session.url, number=number)
        assert (status, 'role="alert"' in page) == (200, True)
    assert "Is it you?" in typed(session.url, number=ASKS)[1]
    assert "unable to authenticate" in typed(session.url, step="fail")[1]
    typed(session.url, number=ASKS)
    status, _page, to = typed(session.url, step="complete")
    assert (status, to) == (303, f"http://localhost/done?session={session.id}")
    assert "paid already" in typed(session.url, number=PAID)[1]
    found = service.v1.checkout.sessions.retrieve(session.id)
    intent = service.v1.payment_intents.retrieve(str(found.payment_intent))
    assert (found.payment_status, intent.status, intent.amount_received) == ("paid", "succeeded", 35_000)
    assert payment_peer.charged() == 35_000
    assert [one["metadata"] for one in payment_peer.state()["intents"] if one["metadata"]] == [{"attempt": "a"}]


def test_a_card_is_kept_without_paying(payment_peer: PaymentPeer, service: stripe.StripeClient) -> None:
    session = service.v1.checkout.sessions.create(
        params={"mode": "setup", "currency": "usd", "success_url": "http://localhost/done"}
    )
    done = payment_peer.pay(session.id, ASKS)
    kept = service.v1.setup_intents.retrieve(done["setup_intent"])
    assert (done["status"], kept.status, payment_peer.charged()) == ("complete", "succeeded", 0)
    assert str(kept.payment_method).startswith("pm_")


def test_an_absent_owner_can_not_answer_the_bank(payment_peer: PaymentPeer, service: stripe.StripeClient) -> None:
    for number, code in ((ASKS, "authentication_required"), (DECLINED, "card_declined")):
        card = payment_peer.tell("card", number=number)
        intent = service.v1.payment_intents.create(params={"amount": 15_000, "currency": "usd", **card})  # type: ignore[typeddict-item]
        with pytest.raises(stripe.CardError) as refused:
            service.v1.payment_intents.confirm(intent.id, params={"off_session": True})
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("told", "parameter"),
    [
        ({"expires_at": int(time.time()) + 60}, "expires_at"),
        ({"surprise": "1"}, "surprise"),
        ({"mode": "gift"}, "mode"),
        ({"line_items": []}, "line_items"),
        ({"metadata": {"x" * 41: "y"}}, "metadata"),
        ({"payment_intent_data": {"setup_future_usage": "perhaps"}}, "setup_future_usage"),
    ],
)
def test_it_refuses_what_the_service_would(service: stripe.StripeClient, told: Json, parameter: str) -> None:
    price = {"currency": "usd", "unit_amount": 100, "product_data": {"name": "CORE"}}
    good = {"mode": "payment", "success_url": "http://x", "line_items": [{"price_data": price, "quantity": 1}]}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        service.v1.checkout.sessions.create(params={**good, **told})  # type: ignore[arg-type]
    assert refused.value.param == parameter


def test_a_session_expires_when_its_time_is_over(payment_peer: PaymentPeer, service: stripe.StripeClient) -> None:
    session = opened(service)
    payment_peer.tell("clock", ahead=24 * 3600 + 1)
    assert service.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert "expired" in typed(str(session.url))[1]
    assert len(payment_peer.events("checkout.session.expired")) == 1


def test_a_refund_fails_days_later_and_a_second_one_is_never_refused(
    payment_peer: PaymentPeer, service: stripe.StripeClient
) -> None:
    intent = paid(service, payment_peer)
    one = service.v1.refunds.create(params={"payment_intent": intent, "amount": 35_000, "metadata": {"refund": "r"}})
    payment_peer.tell("turn", refund=one.id, status="failed", reason="expired_or_canceled_card")
    assert service.v1.refunds.retrieve(one.id).status == "failed"
    assert len(payment_peer.events("refund.failed")) == 1
    for _ in range(2):
        service.v1.refunds.create(params={"payment_intent": intent, "amount": 35_000})
    assert payment_peer.refunded() == 70_000


@pytest.mark.parametrize(
    ("kind", "error", "done"),
    [
        ("refuse", stripe.APIError, 0),
        ("cut", stripe.APIConnectionError, 0),
        ("lose", stripe.APIConnectionError, 1),
        ("error", stripe.APIError, 1),
    ],
)
def test_a_planned_fault_comes_once_with_or_without_its_effect(
    payment_peer: PaymentPeer, service: stripe.StripeClient, kind: str, error: type[Exception], done: int
) -> None:
    intent = paid(service, payment_peer)
    payment_peer.fault("POST /v1/refunds", kind)
    with pytest.raises(error):
        service.v1.refunds.create(params={"payment_intent": intent, "amount": 1})
    assert len(payment_peer.state()["refunds"]) == done
    service.v1.refunds.create(params={"payment_intent": intent, "amount": 1})
    assert len(payment_peer.state()["refunds"]) == done + 1


def test_it_is_down_for_ten_minutes_of_its_own_time(payment_peer: PaymentPeer, service: stripe.StripeClient) -> None:
    payment_peer.fault(".", "refuse", status=503, times=None, until=time.time() + 600)
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            opened(service)
    payment_peer.tell("clock", ahead=601)
    assert opened(service).status == "open"


def test_a_webhook_is_signed_and_wrong_or_old_ones_are_told_apart(
    payment_peer: PaymentPeer, service: stripe.StripeClient
) -> None:
    paid(service, payment_peer)
    (event,) = payment_peer.events("checkout.session.completed")
    made = stripe.Webhook.construct_event(*payment_peer.signed(event), SECRET)
    assert made.type == "checkout.session.completed"
    for more in ({"wrong": True}, {"age": 301}):
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(*payment_peer.signed(event, **more), SECRET)
    listed = service.v1.events.list(params={"delivery_success": False})
    assert event in [one.id for one in listed.data]


def test_a_page_needs_no_script_and_says_what_its_fields_are(
    payment_peer: PaymentPeer, service: stripe.StripeClient
) -> None:
    page = typed(str(opened(service).url))[1]
    assert "<script" not in page
    assert set(re.findall(r'<input id="(\w+)"', page)) == set(re.findall(r'<label for="(\w+)"', page))


@pytest.mark.parametrize(("number", "said"), [(PAID, "pass"), (ELSEWHERE, "fail")])
def test_the_bank_says_of_an_address_whether_it_is_right(
    payment_peer: PaymentPeer, service: stripe.StripeClient, number: str, said: str
) -> None:
    session = opened(service, billing_address_collection="required")
    assert "Billing address" in typed(str(session.url))[1]
    typed(str(session.url), number=number, **HOME)
    found = service.v1.checkout.sessions.retrieve(session.id, params={"expand": ["payment_intent.payment_method"]})
    method = found.to_dict()["payment_intent"]["payment_method"]
    assert method["billing_details"]["address"] == HOME
    assert method["card"]["checks"] == {"address_line1_check": said, "address_postal_code_check": said}
    assert (checked_address(method) is not None) == (said == "pass")


def test_a_buyer_who_is_asked_no_address_has_none(payment_peer: PaymentPeer, service: stripe.StripeClient) -> None:
    assert "Billing address" not in typed(str(opened(service).url))[1]
    intent = service.v1.payment_intents.retrieve(paid(service, payment_peer), params={"expand": ["payment_method"]})
    assert checked_address(intent.to_dict()["payment_method"]) is None
