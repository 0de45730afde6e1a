"""When a certificate that spares a business the tax counts, and when it does not any more."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from fusus_portal.ground.lifecycle import Stale
from shop.orders.services import taxes
from tests.factories import person
from tests.integration.cores.devices import business_at
from tests.shop.orders.orders import certificate

pytestmark = pytest.mark.django_db


def test_one_that_is_over_is_not_approved() -> None:
    sent = certificate(business_at(), approved=False)
    with time_machine.travel(timezone.now() + timedelta(days=91)), pytest.raises(ValidationError, match="has expired"):
        taxes.approve(certificate=sent, by=person("clerk"))
    sent.refresh_from_db()
    assert sent.approved_at is None


def test_one_is_decided_on_once() -> None:
    owner, by = business_at(), person("clerk")
    with pytest.raises(Stale):
        taxes.decline(certificate=certificate(owner), by=by, reason="Not readable")
    declined = taxes.decline(certificate=certificate(owner, approved=False), by=by, reason="Not readable")
    with pytest.raises(Stale):
        taxes.approve(certificate=declined, by=by)
