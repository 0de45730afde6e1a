"""Uploads over a real line: tuspy, and a socket that can be cut at any byte."""

import http.client
import json
import re
import socket
import time
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

import requests
from django.urls import reverse
from tusclient.client import TusClient
from tusclient.uploader.uploader import Uploader

from registry.canvasses.links import token_for
from registry.canvasses.models import FootageRequest
from registry.footage import selectors
from registry.footage.selectors import upload_of_key

SECONDS_TO_CHECK = 60.0
POLL_SECONDS = 0.1
TRIES = 10
HEADERS = {"Tus-Resumable": "1.0.0"}


def begin(portal: str, request: FootageRequest, path: Path) -> str:
    """Begin a file with tuspy and return its address."""
    with path.open("rb") as file:
        return str(_uploader(portal, request, path.name, file).create_url())


def send(portal: str, request: FootageRequest, path: Path, *, url: str = "", chunk: int = 2**20) -> str:
    """Send a file with tuspy, or what is missing of the one at `url`; return its address.

    It tries again, as clients do: a line that broke may hold the file for a moment after its last byte (423).
    """
    with path.open("rb") as file:
        tries = {"retries": TRIES, "retry_delay": 1}
        sending = _uploader(portal, request, path.name, file, url=url or None, chunk_size=chunk, **tries)
        sending.upload()
        return str(sending.url)


def _uploader(portal: str, request: FootageRequest, name: str, file: BinaryIO, **more: Any) -> Uploader:
    metadata = {"token": token_for(request), "filename": name, "filetype": "video/mp4"}
    return TusClient(urljoin(portal, "/uploads/")).uploader(file_stream=file, metadata=metadata, **more)


def arrived(url: str) -> int:
    """Return the offset that the server tells."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80, timeout=30)
    try:
        connection.request("HEAD", parts.path, headers=HEADERS)
        return int(connection.getresponse().headers["Upload-Offset"])
    finally:
        connection.close()


def gives(url: str) -> None:
    """Press the button below all files that are here, of the request of one of them."""
    asked = selectors.upload(upload_of_key(url.rstrip("/").rpartition("/")[2])).request
    with requests.Session() as browser:
        page = browser.get(urljoin(url, reverse("reply_give", args=[token_for(asked)])), timeout=30)
        fields = re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|file)" value="([^"]+)"', page.text)
        browser.post(page.url, data=fields, timeout=30).raise_for_status()


def received(url: str) -> dict[str, Any]:
    """Give a file, wait until the worker has checked it, and return what the page would be told."""
    gives(url)
    parts = urlsplit(url)
    deadline = time.monotonic() + SECONDS_TO_CHECK
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80, timeout=30)
        connection.request("GET", parts.path + "status/")
        told: dict[str, Any] = json.loads(connection.getresponse().read())
        connection.close()
        if told["state"] not in {"receiving", "checking"}:
            return told
        time.sleep(POLL_SECONDS)
    raise TimeoutError(f"not checked after {SECONDS_TO_CHECK} s: {told}")


def half_sent(url: str, *, at: int, declared: int, content: bytes, more: tuple[str, ...] = ()) -> socket.socket:
    """Send the head of a PATCH for `declared` bytes and then only `content`; the line stays open. more: headers."""
    parts = urlsplit(url)
    line = socket.create_connection(("127.0.0.1", parts.port or 80), timeout=30)
    head = [
        f"PATCH {parts.path} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Tus-Resumable: 1.0.0",
        "Content-Type: application/offset+octet-stream",
        f"Upload-Offset: {at}",
        f"Content-Length: {declared}",
        *more,
    ]
    line.sendall("\r\n".join([*head, "", ""]).encode() + content)
    return line
