"""Cameras of a shop's own network, asked by ONVIF. Each answer may take only so many seconds and bytes.

A camera runs somebody else's program in the same network as the till. So its answer is read up to a bound, has no
document type (no entities, so no bomb of them), and leads nowhere: no redirect is followed, and each further question
goes to the host that was asked first.
"""

import base64
import hashlib
import os
import re
import socket
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, ip_address
from threading import Timer
from typing import Any, Final, TypeAlias
from urllib import request
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from defusedxml.ElementTree import ParseError, fromstring

Element: TypeAlias = Any

LARGEST_ANSWER: Final = 512 * 1024
SECONDS_TO_ANSWER: Final = 8.0
PORT: Final = 80
SOAP: Final = "http://www.w3.org/2003/05/soap-envelope"
SECURITY: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
UTILITY: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
DIGEST: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"


class CameraRefuses(Exception):
    """A camera gives no right answer. The error's text names no password and repeats nothing that the camera said."""


@dataclass(frozen=True, slots=True)
class Login:
    """User and password of a camera. Never shown: neither in a sentence nor by repr."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Login(...)"


@dataclass(frozen=True, slots=True)
class Address:
    """Address of a camera in the local network, as an IP address, since a name can lead anywhere."""

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
        """Return an address that the camera named. Raises CameraRefuses unless it is on the camera's own host."""
        try:
            parts = urlsplit(said.strip())
            port = parts.port or PORT
        except ValueError as error:
            raise CameraRefuses("it names an address that is not a valid one") from error
        if parts.scheme != "http" or parts.hostname != self.host or parts.username is not None:
            raise CameraRefuses("it leads to another address")
        return Address(self.host, port, parts.path or "/")


def is_local(host: str) -> bool:
    """True for an IPv4 address of the device's network, or of the device itself. False for any name."""
    try:
        found = ip_address(host)
    except ValueError:
        return False
    return isinstance(found, IPv4Address) and found.is_private and not (found.is_unspecified or found.is_multicast)


def ask(address: Address, question: str, *, login: Login | None, ahead: float = 0.0) -> Element:
    """Return the element in the answer's body. ahead: seconds the camera's clock is ahead. Raises CameraRefuses."""
    header = "" if login is None else f"<s:Header>{_token(login, ahead)}</s:Header>"
    envelope = f'<s:Envelope xmlns:s="{SOAP}">{header}<s:Body>{question}</s:Body></s:Envelope>'
    said = f'<?xml version="1.0" encoding="utf-8"?>{envelope}'.encode()
    status, challenge, text = _post(address, said, {})
    if status == HTTPStatus.UNAUTHORIZED and login is not None:
        status, _challenge, text = _post(address, said, {"Authorization": _digest(challenge, address, login)})
    if status == HTTPStatus.UNAUTHORIZED:
        raise CameraRefuses("its user or password is not right")
    return _body_of(status, text)


def _post(address: Address, said: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
    """Return status, challenge (WWW-Authenticate, or "") and body of the answer."""
    line = HTTPConnection(address.host, address.port, timeout=SECONDS_TO_ANSWER)
    # A byte every few seconds buys a camera no more time.
    end = Timer(SECONDS_TO_ANSWER, _cut, [line])
    end.start()
    try:
        kind = {"Content-Type": 'application/soap+xml; charset="utf-8"', "Accept-Encoding": "identity"}
        line.request("POST", address.path, body=said, headers=kind | headers)
        response = line.getresponse()
        text = response.read(LARGEST_ANSWER + 1)
        return response.status, response.headers.get("WWW-Authenticate", ""), text
    except (OSError, HTTPException, ValueError) as error:
        raise CameraRefuses(f"it can't be asked ({type(error).__name__})") from error
    finally:
        end.cancel()
        line.close()


def _cut(line: HTTPConnection) -> None:
    if line.sock is not None:
        line.sock.shutdown(socket.SHUT_RDWR)


def _body_of(status: int, text: bytes) -> Element:
    if len(text) > LARGEST_ANSWER:
        raise CameraRefuses("its answer is too long")
    envelope = parsed_answer(text)
    body = envelope.find(f"{{{SOAP}}}Body")
    if body is None or not len(body):
        raise CameraRefuses("its answer is not SOAP")
    if body[0].tag == f"{{{SOAP}}}Fault":
        if "NotAuthorized" in " ".join(body[0].itertext()):
            raise CameraRefuses("its user or password is not right")
        raise CameraRefuses("it does not do what it is asked")
    if status != HTTPStatus.OK:
        raise CameraRefuses(f"it answers {status}")
    return body[0]


def parsed_answer(text: bytes) -> Element:
    """Return an answer parsed as XML without entities. Raises CameraRefuses."""
    try:
        return fromstring(text, forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as error:
        raise CameraRefuses("its answer is not SOAP") from error


def _token(login: Login, ahead: float) -> str:
    """Return a signed login (WS-Security UsernameToken Profile 1.0), which does not contain the password."""
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
    """Return the answer to an HTTP challenge (RFC 7616), for cameras that take no login inside the envelope."""
    scheme, _space, rest = challenge.partition(" ")
    if scheme.lower() != "digest":
        raise CameraRefuses("it asks for a login in a way that is not safe")
    known = request.HTTPPasswordMgrWithDefaultRealm()
    known.add_password(None, address.url, login.user, login.password)
    try:
        said = request.HTTPDigestAuthHandler(known).get_authorization(
            request.Request(address.url, data=b"", method="POST"),  # noqa: S310  (it is not opened)
            request.parse_keqv_list(list(filter(None, request.parse_http_list(rest)))),
        )
    except (ValueError, IndexError) as error:
        raise CameraRefuses("how it asks for a login can't be read") from error
    if not said:
        raise CameraRefuses("how it asks for a login can't be read")
    return f"Digest {said}"


DEVICE: Final = "http://www.onvif.org/ver10/device/wsdl"
MEDIA: Final = "http://www.onvif.org/ver10/media/wsdl"
MEDIA2: Final = "http://www.onvif.org/ver20/media/wsdl"
RECORDING: Final = "http://www.onvif.org/ver10/recording/wsdl"
SCHEMA: Final = "http://www.onvif.org/ver10/schema"
CODECS: Final = ("H264", "H265")
"""Codecs that the portal takes; first the one that more browsers play."""

MOST_POINTS: Final = 1920 * 1080
MOST_PROFILES: Final = 64
STREAM: Final = re.compile(r"rtsp://[!#-&(-\[\]-~]{1,1000}")
"""An address of a stream in ASCII, without blanks, quotes and backslashes."""

TOKEN: Final = re.compile(r"[!-~]{1,64}")


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of a camera. codec: "H264", "H265" or another. rate: pictures a second, 0.0 if unknown."""

    token: str
    name: str
    codec: str
    width: int
    height: int
    rate: float

    def __str__(self) -> str:
        rate = f", {self.rate:g} a second" if self.rate else ""
        return f"{self.name}: {self.width} x {self.height}, {self.codec}{rate}"


def best_of(profiles: list[Profile]) -> Profile:
    """Return the profile to send: of those up to 1920 x 1080, H.264 first, then the largest. Raises CameraRefuses."""
    fit = [each for each in profiles if each.codec in CODECS]
    if not fit:
        raise CameraRefuses("it has no profile in H.264 or H.265")

    def worth(profile: Profile) -> tuple[bool, int, int]:
        points = profile.width * profile.height
        return points <= MOST_POINTS, -CODECS.index(profile.codec), points if points <= MOST_POINTS else -points

    return max(fit, key=worth)


class OnvifCamera:
    """A camera at an address. ahead: seconds by which its clock is ahead of ours, 0 until it was asked."""

    def __init__(self, address: Address, login: Login | None) -> None:
        self.address = address
        self.login = login
        self.ahead = 0.0
        self._services: dict[str, Address] = {}

    def look_at_clock(self) -> float:
        """Ask for the camera's time; return the seconds by which it is ahead of ours. Raises CameraRefuses."""
        before = time.time()
        said = ask(self.address, f'<GetSystemDateAndTime xmlns="{DEVICE}"/>', login=None)
        utc = said.find(".//{*}UTCDateTime")
        if utc is None:
            raise CameraRefuses("it does not say what time it is")
        names = ("Year", "Month", "Day", "Hour", "Minute", "Second")
        try:
            at = datetime(*(_number(utc, name) for name in names), tzinfo=UTC)  # type: ignore[misc, arg-type]
        except (ValueError, OverflowError) as error:
            raise CameraRefuses("the time that it says is not a valid one") from error
        self.ahead = at.timestamp() - before
        return self.ahead

    def profiles(self) -> list[Profile]:
        if self._has(MEDIA2):
            said = self._ask(MEDIA2, f'<GetProfiles xmlns="{MEDIA2}"><Type>VideoEncoder</Type></GetProfiles>')
        else:
            said = self._ask(MEDIA, f'<GetProfiles xmlns="{MEDIA}"/>')
        found = [each for each in said if each.tag.endswith("}Profiles")][:MOST_PROFILES]
        return [profile for each in found if (profile := _profile(each)) is not None]

    def stream(self, profile: Profile) -> str:
        """Return the address of a profile's stream, on the camera's own host. Raises CameraRefuses."""
        token = escape(profile.token)
        if self._has(MEDIA2):
            question = f"<Protocol>RTSP</Protocol><ProfileToken>{token}</ProfileToken>"
            said = self._ask(MEDIA2, f'<GetStreamUri xmlns="{MEDIA2}">{question}</GetStreamUri>')
        else:
            setup = f'<Stream xmlns="{SCHEMA}">RTP-Unicast</Stream>'
            setup += f'<Transport xmlns="{SCHEMA}"><Protocol>RTSP</Protocol></Transport>'
            question = f"<StreamSetup>{setup}</StreamSetup><ProfileToken>{token}</ProfileToken>"
            said = self._ask(MEDIA, f'<GetStreamUri xmlns="{MEDIA}">{question}</GetStreamUri>')
        return check_stream((said.findtext(".//{*}Uri") or "").strip(), host=self.address.host)

    def is_recording(self) -> bool | None:
        """True while the camera's own recording runs, None if it has none or does not say. Raises CameraRefuses."""
        if not self._has(RECORDING):
            return None
        said = self._ask(RECORDING, f'<GetRecordingJobs xmlns="{RECORDING}"/>')
        tokens = [(each.findtext("{*}JobToken") or "").strip() for each in said.findall("{*}JobItem")]
        states = [self._state_of_job(token) for token in tokens[:MOST_PROFILES] if TOKEN.fullmatch(token)]
        return any(state in ("Active", "PartiallyActive") for state in states) if states else None

    def _state_of_job(self, token: str) -> str:
        question = f"<JobToken>{escape(token)}</JobToken>"
        said = self._ask(RECORDING, f'<GetRecordingJobState xmlns="{RECORDING}">{question}</GetRecordingJobState>')
        return (said.findtext("{*}State/{*}State") or "").strip()

    def _ask(self, service: str, question: str) -> Element:
        return ask(self._services[service], question, login=self.login, ahead=self.ahead)

    def _has(self, service: str) -> bool:
        if not self._services:
            self.look_at_clock()
            question = f'<GetServices xmlns="{DEVICE}"><IncludeCapability>false</IncludeCapability></GetServices>'
            said = ask(self.address, question, login=self.login, ahead=self.ahead)
            rows = {(each.findtext("{*}Namespace") or "").strip(): each.findtext("{*}XAddr") or "" for each in said}
            wanted = {name: where for name, where in rows.items() if name in (MEDIA, MEDIA2, RECORDING)}
            self._services = {name: self.address.beside(where) for name, where in wanted.items()}
            if MEDIA not in self._services and MEDIA2 not in self._services:
                raise CameraRefuses("it has no pictures to send")
        return service in self._services


def check_stream(said: str, *, host: str) -> str:
    """Return the address of a stream if it is at this host. Raises CameraRefuses for any other."""
    try:
        parts = urlsplit(said)
        is_right = parts.port != 0
    except ValueError:
        is_right = False
    if not is_right or not STREAM.fullmatch(said):
        raise CameraRefuses("the address of its stream is not a valid one")
    if parts.hostname != host or parts.username is not None:
        raise CameraRefuses("it leads to another address")
    return said


def _profile(said: Element) -> Profile | None:
    token = said.get("token", "")
    encoder = said.find(".//{*}VideoEncoder")  # of Media2, within its configurations
    if encoder is None:
        encoder = said.find("{*}VideoEncoderConfiguration")
    if encoder is None or not TOKEN.fullmatch(token):
        return None
    name = " ".join("".join(filter(str.isprintable, said.findtext("{*}Name") or "")).split())[:64]
    codec = re.sub(r"[^A-Z0-9]", "", (encoder.findtext("{*}Encoding") or "").upper())[:16]
    try:
        width, height = _number(encoder, "Width"), _number(encoder, "Height")
        rate = float(encoder.findtext(".//{*}FrameRateLimit") or 0)
    except ValueError:
        return None
    if not (0 < width <= 16_384 and 0 < height <= 16_384 and 0 <= rate <= 1000):
        return None
    return Profile(token, name or token, {"HEVC": "H265"}.get(codec, codec), width, height, rate)


def _number(said: Element, name: str) -> int:
    return int(said.findtext(f".//{{*}}{name}") or "")
