"""When a certificate that spares a business the tax counts no more."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from shop.services import exemptions
from tests.factories import person
from tests.integration.devices import business_at
from tests.shop.orders import certificate

pytestmark = pytest.mark.django_db


def test_one_that_is_over_is_not_approved() -> None:
    sent = certificate(business_at(), approved=False)
    with time_machine.travel(timezone.now() + timedelta(days=91)), pytest.raises(ValidationError, match="is over"):
        exemptions.approve(certificate=sent, by=person("clerk"))
    sent.refresh_from_db()
    assert sent.approved_at is None
