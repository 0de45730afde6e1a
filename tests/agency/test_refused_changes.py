"""Only administrators in office change the agency's data, and only to what may stand there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency import services
from fusus_portal.ground.agency.models import Agency
from fusus_portal.ground.agency.sentences import Added
from fusus_portal.ground.lifecycle import Refused
from fusus_portal.ground.notifications.kinds import MessageKind

pytestmark = pytest.mark.django_db

KIND = MessageKind.FOOTAGE_REQUEST
LONG = "More words. " * 30

ACTS: dict[str, Callable[[User], object]] = {
    "data": lambda by: services.change_agency(by=by, revision=1, name="Shelby County"),
    "seal": lambda by: services.change_seal(by=by, revision=1, seal=""),
    "document": lambda by: services.publish_document(by=by, kind="terms", number=2, text_en=LONG, text_es=LONG),
    "sentences": lambda by: services.change_message_texts(by=by, kind=KIND, texts={"en": Added(opening="Thank you.")}),
    "no sentences": lambda by: services.reset_message_texts(by=by, kind=KIND),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("who", ["supervisor", "administrator"])
def test_nobody_else_changes_it(who: str, act: Callable[[User], object], request: pytest.FixtureRequest) -> None:
    by: User = request.getfixturevalue(who)
    if who == "administrator":
        by.is_active, by.disabled_at = False, timezone.now()
    with pytest.raises(Refused, match="Administrators keep the agency's data"):
        act(by)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("phone", "call us"), ("color_accent", "#ffee88")])
def test_what_can_not_be_is_not_written(administrator: User, field: str, value: str) -> None:
    with pytest.raises(ValidationError) as refused:
        services.change_agency(by=administrator, revision=1, **{field: value})
    assert set(refused.value.message_dict) == {field}
    assert Agency.current().revision == 1


@pytest.mark.parametrize("short", ["text_en", "text_es"])
def test_a_document_that_says_next_to_nothing_is_not_published(administrator: User, short: str) -> None:
    texts: dict[str, Any] = {"text_en": LONG, "text_es": LONG, short: "Short."}
    with pytest.raises(ValidationError) as refused:
        services.publish_document(by=administrator, kind="terms", number=2, **texts)
    assert set(refused.value.message_dict) == {short}
