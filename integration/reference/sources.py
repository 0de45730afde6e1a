"""Sources of a channel's pictures, and reading them without revealing a password.

A source is "testsrc", a file, an rtsp:// address without a login, or a file of ours that ends in .ffconcat: it holds
the address with the login, only its user can read it, and the list of processes shows only its name.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

from integration.reference import device, pattern
from integration.reference.onvif import PORT, Address, CameraRefuses, Login, OnvifCamera, best_of, check_stream
from integration.reference.pattern import PER_SECOND

HELD: Final = ".ffconcat"
SECONDS_OF_SILENCE: Final = 8
"""A camera that sends nothing for this long is lost."""

LIST: Final = (
    "ffconcat version 1.0\nfile '{address}'\n"
    f"option rtsp_transport tcp\noption timeout {SECONDS_OF_SILENCE * 1_000_000}\n"
)
RTSP: Final = re.compile(r"rtsp://[^/@\s]+(/[!#-&(-\[\]-~]*)?")


def input_of(source: str) -> list[str]:
    if source.endswith(HELD):
        return ["-f", "concat", "-safe", "0", "-protocol_whitelist", "file,rtsp,rtp,tcp,udp", "-i", source]
    if source.startswith("rtsp://"):
        return ["-rtsp_transport", "tcp", "-i", source]
    return ["-re", "-stream_loop", "-1", "-i", str(Path(source))]


def read_from(source: str) -> list[str]:
    """Return ffmpeg's options to read a camera without sound, as it is coded. Only the test picture is encoded."""
    if source == "testsrc":
        coded = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"]
        keys = ["-g", str(PER_SECOND), "-keyint_min", str(PER_SECOND), "-sc_threshold", "0", "-b:v", "800k"]
        return [*pattern.source(datetime.now().astimezone()), *coded, *keys]
    return [*input_of(source), "-map", "0:v:0", "-c:v", "copy"]


@dataclass(frozen=True, slots=True)
class Logins:
    """Users and passwords of cameras, by host. The file is read anew each time: a password may change."""

    file: Path | None = None

    def of(self, host: str) -> Login | None:
        """Return the login of the camera at a host, or None. Raises ValueError for an unusable file."""
        if self.file is None:
            return None
        try:
            if self.file.stat().st_mode & 0o077:
                raise ValueError(f"others can read {self.file}: chmod 600 {self.file}")
            found = json.loads(self.file.read_text(encoding="utf-8"))
            each = found.get(host)
            return None if each is None else Login(str(each["user"]), str(each["password"]))
        except (OSError, AttributeError, KeyError, TypeError, json.JSONDecodeError) as error:
            # The sentence repeats nothing of the file.
            raise ValueError(
                f'{self.file} is no file such as {{"192.0.2.7": {{"user": "", "password": ""}}}}'
            ) from error


@dataclass(frozen=True, slots=True)
class Wanted:
    """Source of one camera's video, as it was typed: "testsrc", a file, rtsp://..., or onvif://HOST[:PORT][/PROFILE]."""

    text: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.text)
        if parts.scheme in ("rtsp", "onvif") and parts.username is not None:
            raise ValueError("an address has no user and password: write them into the file of --logins")
        if parts.scheme == "rtsp" and not RTSP.fullmatch(self.text):
            raise ValueError("this is no address such as rtsp://192.0.2.7/stream")
        if parts.scheme == "onvif":
            self.onvif(None)

    @property
    def host(self) -> str:
        parts = urlsplit(self.text)
        return parts.hostname or "" if parts.scheme in ("rtsp", "onvif") else ""

    def onvif(self, login: Login | None) -> OnvifCamera:
        """Return the camera to ask by ONVIF. Raises ValueError if its address is not in the local network."""
        try:
            return OnvifCamera(Address(self.host, urlsplit(self.text).port or PORT), login)
        except CameraRefuses as refused:
            raise ValueError(f"{self.host}: {refused}") from refused

    @property
    def is_onvif(self) -> bool:
        return self.text.startswith("onvif://")

    def source(self, held: Path, logins: Logins) -> str:
        """Return the source that programs read. held: our file for it, without the ending."""
        is_held = self.is_onvif or (self.text.startswith("rtsp://") and logins.of(self.host) is not None)
        return f"{held}{HELD}" if is_held else self.text

    def open(self, source: str, logins: Logins) -> None:
        """Write our file of a source, if it has one. Raises CameraRefuses and ValueError."""
        if not source.endswith(HELD):
            return
        login = logins.of(self.host)
        address = self.text if not self.is_onvif else self._asked(self.onvif(login))
        hold(Path(source), address, login)

    def _asked(self, camera: OnvifCamera) -> str:
        profiles = camera.profiles()
        named = urlsplit(self.text).path.strip("/")
        chosen = [each for each in profiles if each.token == named] if named else [best_of(profiles)]
        if not chosen:
            raise CameraRefuses("it has no such profile")
        return camera.stream(chosen[0])


def hold(file: Path, address: str, login: Login | None) -> None:
    """Write a private file with a camera's address and login. Raises CameraRefuses for an address that is no stream."""
    host = urlsplit(address).hostname or ""
    check_stream(address, host=host)
    if login is not None:
        user, password = quote(login.user, safe=""), quote(login.password, safe="")
        address = address.replace("rtsp://", f"rtsp://{user}:{password}@", 1)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    device.write_private(file, LIST.format(address=address).encode())
