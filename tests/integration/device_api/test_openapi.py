"""The document of the device API and the code say the same, for whatever is sent: schemathesis makes it up."""

import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from integration.cores import signatures
from integration.cores.signatures import Signed
from integration.device_api.views import DOCUMENT
from tests.access.addresses import addresses
from tests.integration.cores.devices import Device, active

SCHEMA = schemathesis.openapi.from_dict(json.loads(DOCUMENT.read_text(encoding="utf-8")))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@schemathesis.serializer("video/mp2t", "video/mp4", "application/vnd.apple.mpegurl", "application/offset+octet-stream")
def as_it_is(_context: Any, value: Any) -> bytes:
    """Return a body that is no JSON."""
    return value if isinstance(value, bytes) else str(value).encode()


class Signing:
    """The portal, with a CORE before it that puts its own token and signature where made-up ones are."""

    def __init__(self) -> None:
        self.portal = get_wsgi_application()
        self.device: Device | None = None
        self.statuses: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Sign and pass on."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        if self.device is not None and "HTTP_CORE_SIGNATURE" in environ:
            query = environ.get("QUERY_STRING", "")
            path = environ["PATH_INFO"] + (f"?{query}" if query else "")
            what = Signed(environ["REQUEST_METHOD"], path, body)
            environ["HTTP_CORE_SIGNATURE"] = signatures.sign(self.device.key, what, at=datetime.now(tz=UTC))
        if self.device is not None and "HTTP_AUTHORIZATION" in environ:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self.device.token}"

        def started(status: str, *more: Any) -> Any:
            self.statuses.append(status[:3])
            return start_response(status, *more)

        return self.portal(environ, started)


SIGNING = Signing()
SCHEMA.app = SIGNING


@pytest.fixture
def device(db: None, request: pytest.FixtureRequest) -> Iterator[Device]:
    """Return an active CORE, whose calls stay in the transaction of the test; some of them must be let in."""
    SIGNING.statuses.clear()
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield active()
    for signal in signals:
        signal.connect(close_old_connections)
    # Made-up serial numbers, codes, streams, pictures and clips are nobody's.
    needs_luck = any(name in request.node.name for name in ("/activate", "/token", "/streams", "/snapshots", "/clips"))
    assert needs_luck or {"200", "405"} <= set(SIGNING.statuses)


def test_the_document_names_every_call_and_no_other() -> None:
    patterns = {address.route for address in addresses("integration.urls")}
    served = {re.sub(r"<\w+:(?!rest)(\w+)>", r"{\1}", each) for each in patterns if each.startswith("core/v1/")}
    said = {f"core/v1{path}" for path in json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"]}
    assert served - said == {"core/v1/", "core/v1/<path:rest>"}
    assert said - served == {"core/v1/streams/{stream}/live.mp4"}  # a relay's alone


@SCHEMA.parametrize()
@settings(max_examples=30, database=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_document_names(case: Any, device: Device) -> None:
    cache.clear()  # the limits are tested elsewhere
    SIGNING.device = device
    case.validate_response(case.call(), checks=CHECKS)
