from http import HTTPStatus
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse

from fusus_portal.ground.access import public
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.ground.pictures import BUSY
from fusus_portal.ground.serving.lanes import as_page
from integration.cores.services import health
from integration.device_api.parsers import Malformed
from integration.device_api.views.answers import answering, caller_of, problem, server_time
from integration.live.services import snapshots
from integration.rules import SNAPSHOT_BYTES

JPEG = "image/jpeg"
AGAIN_SECONDS = 5


@as_page
@public
@answering("PUT", largest=SNAPSHOT_BYTES)
def snapshot(request: HttpRequest, snapshot: UUID) -> JsonResponse:
    caller = caller_of(request)
    if request.content_type != JPEG:
        raise Malformed("body", "Send Content-Type: image/jpeg.")
    health.heard_of(core=caller.core)
    try:
        snapshots.keep(core=caller.core, snapshot=snapshot, picture=request.body)
    except NotYours:
        sentence = "This picture is not asked for, or not any more. Continue with the next order."
        return problem(HTTPStatus.NOT_FOUND, "not-wanted", sentence)
    except ValidationError as wrong:
        if wrong.code == BUSY:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "busy", "Send this picture once more.", wait=AGAIN_SECONDS)
        raise Malformed("body", " ".join(wrong.messages)) from wrong
    return JsonResponse({"server_time": server_time()})
