"""Questions to a camera by SOAP. Any answer takes a bounded number of seconds and bytes.

A camera is somebody else's program in the same network as the till. So an answer is read up to its bound, has no
document type (no entities, so no bomb of them), and leads nowhere: no redirect is followed, and each further question
goes to the address that was asked first.
"""

import base64
import hashlib
import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, ip_address
from threading import Timer
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit
from urllib.request import HTTPDigestAuthHandler, HTTPPasswordMgrWithDefaultRealm, Request, parse_http_list
from urllib.request import parse_keqv_list as pairs_of
from xml.sax.saxutils import escape

from defusedxml.ElementTree import ParseError, fromstring

Element: TypeAlias = Any

LARGEST: Final = 512 * 1024
SECONDS: Final = 8.0
PORT: Final = 80
SOAP: Final = "http://www.w3.org/2003/05/soap-envelope"
SECURITY: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
UTILITY: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
DIGEST: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"


class CameraRefuses(Exception):
    """A camera gives no right answer. The sentence names no password and repeats nothing that the camera said."""


class WrongLogin(CameraRefuses):
    """It asks for another user or password."""


@dataclass(frozen=True, slots=True)
class Login:
    """User and password. Never shown: neither in a sentence nor by repr."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Login(...)"


@dataclass(frozen=True, slots=True)
class Address:
    """Address of a camera in the local network, by numbers, since a name can lead anywhere."""

    host: str
    port: int = PORT
    path: str = "/onvif/device_service"

    def __post_init__(self) -> None:
        if not is_local(self.host):
            raise CameraRefuses("this is no address of the local network")

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}{self.path}"

    def beside(self, said: str) -> "Address":
        """Return an address that this camera named. Raises CameraRefuses unless it is at the camera itself."""
        try:
            parts = urlsplit(said.strip())
            port = parts.port or PORT
        except ValueError as error:
            raise CameraRefuses("it names an address that is not a valid one") from error
        if parts.scheme != "http" or parts.hostname != self.host or parts.username is not None:
            raise CameraRefuses("it leads to another address")
        return Address(self.host, port, parts.path or "/")


def is_local(host: str) -> bool:
    """True for an address of the device's network, or of the device itself. IPv4, by numbers."""
    try:
        found = ip_address(host)
    except ValueError:
        return False
    return isinstance(found, IPv4Address) and found.is_private and not (found.is_unspecified or found.is_multicast)


def ask(address: Address, question: str, *, login: Login | None, ahead: float = 0.0) -> Element:
    """Return the element in the body of the answer. ahead: of the camera's clock, in seconds. Raises CameraRefuses."""
    said = _envelope(question, login=login, ahead=ahead).encode()
    answer = _post(address, said, {})
    if answer.status == HTTPStatus.UNAUTHORIZED and login is not None:
        answer = _post(address, said, {"Authorization": _digest(answer.challenge, address, login)})
    if answer.status == HTTPStatus.UNAUTHORIZED:
        raise WrongLogin("its user or password is not right")
    return _body_of(answer)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    challenge: str
    text: bytes


def _post(address: Address, said: bytes, headers: dict[str, str]) -> _Answer:
    line = HTTPConnection(address.host, address.port, timeout=SECONDS)
    # A byte every few seconds buys a camera no more time.
    end = Timer(SECONDS, _cut, [line])
    end.start()
    try:
        kind = {"Content-Type": 'application/soap+xml; charset="utf-8"', "Accept-Encoding": "identity"}
        line.request("POST", address.path, body=said, headers=kind | headers)
        response = line.getresponse()
        text = response.read(LARGEST + 1)
        return _Answer(response.status, response.headers.get("WWW-Authenticate", ""), text)
    except (OSError, HTTPException, ValueError) as error:
        raise CameraRefuses(f"it can't be asked ({type(error).__name__})") from error
    finally:
        end.cancel()
        line.close()


def _cut(line: HTTPConnection) -> None:
    if line.sock is not None:
        line.sock.shutdown(socket.SHUT_RDWR)


def _body_of(answer: _Answer) -> Element:
    if len(answer.text) > LARGEST:
        raise CameraRefuses("its answer is too long")
    envelope = parsed(answer.text)
    body = envelope.find(f"{{{SOAP}}}Body")
    if body is None or not len(body):
        raise CameraRefuses("its answer is not SOAP")
    if body[0].tag == f"{{{SOAP}}}Fault":
        if "NotAuthorized" in " ".join(body[0].itertext()):
            raise WrongLogin("its user or password is not right")
        raise CameraRefuses("it does not do what it is asked")
    if answer.status != HTTPStatus.OK:
        raise CameraRefuses(f"it answers {answer.status}")
    return body[0]


def parsed(text: bytes) -> Element:
    """Return a parsed answer, without entities. Raises CameraRefuses."""
    try:
        return fromstring(text, forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as error:
        raise CameraRefuses("its answer is not SOAP") from error


def _envelope(question: str, *, login: Login | None, ahead: float) -> str:
    header = "" if login is None else f"<s:Header>{_token(login, ahead)}</s:Header>"
    body = f"<s:Body>{question}</s:Body>"
    return f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{SOAP}">{header}{body}</s:Envelope>'


def _token(login: Login, ahead: float) -> str:
    """Return a signed login (WS-Security UsernameToken Profile 1.0): the password itself is not sent."""
    nonce = os.urandom(16)
    created = datetime.fromtimestamp(datetime.now(UTC).timestamp() + ahead, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    # The profile allows no other digest.
    digest = hashlib.sha1(nonce + created.encode() + login.password.encode(), usedforsecurity=False).digest()
    return (
        f'<w:Security xmlns:w="{SECURITY}" s:mustUnderstand="1"><w:UsernameToken>'
        f"<w:Username>{escape(login.user)}</w:Username>"
        f'<w:Password Type="{DIGEST}">{base64.b64encode(digest).decode()}</w:Password>'
        f"<w:Nonce>{base64.b64encode(nonce).decode()}</w:Nonce>"
        f'<u:Created xmlns:u="{UTILITY}">{created}</u:Created></w:UsernameToken></w:Security>'
    )


def _digest(challenge: str, address: Address, login: Login) -> str:
    """Return the answer to a challenge by HTTP (RFC 7616), for cameras that want no login in the envelope."""
    scheme, _space, rest = challenge.partition(" ")
    if scheme.lower() != "digest":
        raise WrongLogin("it asks for a login in a way that is not safe")
    known = HTTPPasswordMgrWithDefaultRealm()
    known.add_password(None, address.url, login.user, login.password)
    try:
        said = HTTPDigestAuthHandler(known).get_authorization(
            Request(address.url, data=b"", method="POST"),  # noqa: S310  (it is not opened)
            pairs_of(list(filter(None, parse_http_list(rest)))),
        )
    except (ValueError, IndexError) as error:
        raise CameraRefuses("how it asks for a login can't be read") from error
    if not said:
        raise CameraRefuses("how it asks for a login can't be read")
    return f"Digest {said}"
