"""ONVIF cameras: profiles, the address of a stream, clock, and state of the camera's own recording."""

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from integration.reference.onvif.soap import Address, CameraRefuses, Element, Login, ask

DEVICE: Final = "http://www.onvif.org/ver10/device/wsdl"
MEDIA: Final = "http://www.onvif.org/ver10/media/wsdl"
MEDIA2: Final = "http://www.onvif.org/ver20/media/wsdl"
RECORDING: Final = "http://www.onvif.org/ver10/recording/wsdl"
SCHEMA: Final = "http://www.onvif.org/ver10/schema"
CODECS: Final = ("H264", "H265")
"""Codecs that are taken, the one that more browsers play first."""

MOST_POINTS: Final = 1920 * 1080
MOST_PROFILES: Final = 64
STREAM: Final = re.compile(r"rtsp://[!#-&(-\[\]-~]{1,1000}")
"""An address in ASCII, without blanks, quotes and backslashes."""

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
    """Return the profile to send: H.264 before H.265, and the largest up to 1920 x 1080. Raises CameraRefuses."""
    fit = [each for each in profiles if each.codec in CODECS]
    if not fit:
        raise CameraRefuses("it has no profile in H.264 or H.265")

    def worth(profile: Profile) -> tuple[bool, int, int]:
        points = profile.width * profile.height
        return points <= MOST_POINTS, -CODECS.index(profile.codec), points if points <= MOST_POINTS else -points

    return max(fit, key=worth)


class OnvifCamera:
    """A camera at an address. ahead: seconds by which its clock is ahead of ours, once it was asked."""

    def __init__(self, address: Address, login: Login | None) -> None:
        self.address = address
        self.login = login
        self.ahead = 0.0
        self._services: dict[str, Address] = {}

    def look_at_clock(self) -> float:
        """Ask for its clock; return the seconds by which it is ahead of ours. Raises CameraRefuses."""
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
        """Return the address at which a profile is streamed, at this camera itself. Raises CameraRefuses."""
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
        """True while its own recording runs, None if it has none or does not say. Raises CameraRefuses."""
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
    """Return the address of a stream at a host. Raises CameraRefuses for any other."""
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
