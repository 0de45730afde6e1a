"""Files for tests of footage, and a sender that speaks tus through Django's test client."""

import base64
import io
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import imageio_ffmpeg
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from registry.canvasses.links import link_actor, token_for
from registry.canvasses.models import FootageRequest
from registry.footage.models import Evidence, Upload
from registry.footage.policies import category_of_incident
from registry.footage.services import custody, uploads

OFFSET_TYPE = "application/offset+octet-stream"


@cache
def video(seconds: int = 2) -> bytes:
    """Return a real MP4 that a browser can play from the first bytes on."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "video.mp4"
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=15"]
        encoding = ["-t", str(seconds), "-pix_fmt", "yuv420p", "-movflags", "+faststart", str(path)]
        subprocess.run([*command, *encoding], check=True)
        return path.read_bytes()


def begun(
    request: FootageRequest, *, content: bytes = b"", name: str = "Front door.mp4", kind: str = "video/mp4"
) -> Upload:
    """Return an upload that waits for its first byte. kind: of content, as its sender says."""
    size = len(content or video())
    return uploads.create(request=request, name=name, size=size, content_type=kind, by=link_actor(request))


def sent(upload: Upload, content: bytes, *, at: int = 0) -> Upload:
    """Send bytes of an upload and return it as it is then."""
    by = link_actor(upload.request)
    return uploads.append(upload=upload, offset=at, stream=io.BytesIO(content), by=by)


def chosen(upload: Upload) -> Upload:
    """Give a file that is here, and return it as it waits for its check."""
    [found] = uploads.give(request=upload.request, files=[upload.pk], by=link_actor(upload.request))
    return found


def ready(request: FootageRequest, *, content: bytes = b"", name: str = "Front door.mp4") -> Upload:
    """Return a file that is here and that nobody gave yet."""
    content = content or video()
    return sent(begun(request, content=content, name=name), content)


def given(request: FootageRequest, *, content: bytes = b"", name: str = "Front door.mp4") -> Evidence:
    """Return a file that the owner gave and the worker received."""
    received = custody.receive(upload=chosen(ready(request, content=content, name=name)).pk)
    assert received is not None
    return Evidence.objects.select_related("request__incident__type").get(pk=received.pk)


def evidence_of(request: FootageRequest, *, name: str = "a.mp4", size: int = 3, digest: str = "ab" * 32) -> Evidence:
    """Return the row of a file, without the file."""
    category, now = category_of_incident(request.incident), timezone.now()
    upload = Upload.objects.create(request=request, name=name, size=size, content_type="video/mp4", given_at=now)
    return Evidence.objects.create(
        request=request,
        upload=upload,
        name=name,
        size=size,
        sha256=digest,
        content_type="video/mp4",
        received_at=now,
        category=category,
        kept_until=now + category.kept,
    )


def let_tickets_expire() -> int:
    """Let ten minutes pass for all leave to play and download; return how much of it there is."""
    later = "UPDATE audit_ticket SET expires_at = expires_at - interval '10 minutes'"
    with connection.cursor() as cursor:
        cursor.execute("SELECT operator.writes(%s)", [later])
        return int(cursor.fetchone()[0])


class Sender:
    """A tus client of one request's link."""

    def __init__(self, client: Client, request: FootageRequest | None = None, *, token: str = "") -> None:
        self.client = client
        self.token = token or (token_for(request) if request else "")

    def ask(self, method: str, path: str, body: bytes = b"", **headers: Any) -> HttpResponse:
        """Send one request of the protocol. Header names are written with _ for -."""
        content_type = headers.pop("content_type", OFFSET_TYPE)
        named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        answer = self.client.generic(method, path, body, content_type, headers={"Tus-Resumable": "1.0.0", **named})
        assert isinstance(answer, HttpResponse)
        return answer

    def create(self, size: int, *, name: str = "Front door.mp4", kind: str = "video/mp4") -> HttpResponse:
        """Begin a file."""
        return self.ask("POST", "/uploads/", Upload_Length=size, Upload_Metadata=self.described(name, kind))

    def described(self, name: str, kind: str, **more: str) -> str:
        """Return the Upload-Metadata header."""
        pairs = {"token": self.token, "filename": name, "filetype": kind, **more}
        return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())

    def patch(self, path: str, body: bytes, at: int = 0, **headers: Any) -> HttpResponse:
        """Send bytes."""
        return self.ask("PATCH", path, body, Upload_Offset=at, **headers)

    def head(self, path: str) -> HttpResponse:
        """Ask how much has arrived."""
        return self.ask("HEAD", path)
