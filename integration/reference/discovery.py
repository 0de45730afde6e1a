"""Search for cameras by WS-Discovery, with a picture of each profile. Everything found stays on the device."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import uuid4

from integration.reference import device, reader
from integration.reference.onvif import PORT, Address, CameraRefuses, OnvifCamera, Profile, best_of, parsed_answer
from integration.reference.sources import HELD, Logins, hold

GROUP: Final = ("239.255.255.250", 3702)
LARGEST: Final = 64 * 1024
MOST: Final = 256
"""Most answers to one question that are read: more of them in one network would be forged."""

REPEATED: Final = 0.25
"""Seconds after which the question is sent once more, since a datagram may be lost (SOAP-over-UDP 1.1, section 3.4)."""

PROBE: Final = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
    ' xmlns:n="http://www.onvif.org/ver10/network/wsdl">'
    "<s:Header><a:MessageID>urn:uuid:{number}</a:MessageID>"
    "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
    "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action></s:Header>"
    "<s:Body><d:Probe><d:Types>n:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>"
)


def discover(*, seconds: float, interface: str = "") -> list[Address]:
    """Return addresses of cameras that answered. interface: the device's own address in the network, "" for any."""
    number = str(uuid4())
    found: set[Address] = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        if interface:
            line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
            line.bind((interface, 0))
        begun = time.monotonic()
        for until in (begun + min(REPEATED, seconds), begun + seconds):
            line.sendto(PROBE.format(number=number).encode(), GROUP)
            for said, host in islice(_answers(line, until), MOST):
                with suppress(CameraRefuses):
                    found.add(_address_in(said, host=host, number=number))
    return sorted(found, key=astuple)


def _answers(line: socket.socket, until: float) -> Iterator[tuple[bytes, str]]:
    """Yield what comes until a moment of the monotonic clock, each with its sender."""
    with suppress(TimeoutError):
        while True:
            line.settimeout(max(until - time.monotonic(), 0.001))
            said, (host, _port) = line.recvfrom(LARGEST)
            yield said, host


def _address_in(said: bytes, *, host: str, number: str) -> Address:
    """Return the address in an answer to our question, at the host that sent the answer. Raises CameraRefuses."""
    envelope = parsed_answer(said)
    if not (envelope.findtext(".//{*}RelatesTo") or "").strip().endswith(number):
        raise CameraRefuses("this answers another question")
    for each in (envelope.findtext(".//{*}XAddrs") or "").split():
        with suppress(CameraRefuses):
            return Address(host).beside(each)
    raise CameraRefuses("it leads to another address")


SECONDS_TO_FIND: Final = 4.0


def find_cameras(logins: Logins, *, seconds: float, interface: str = "", pictures: Path | None = None) -> Iterator[str]:
    """Yield lines about the cameras found. Raises OSError without a network, ValueError for a bad file of logins."""
    found = discover(seconds=seconds, interface=interface)
    for address in found:
        camera = OnvifCamera(address, logins.of(address.host))
        try:
            yield from _lines(camera, pictures)
        except CameraRefuses as refused:
            yield f"{_url_of(address)}: {refused}"
    if not found:
        yield "no camera answers"


def _lines(camera: OnvifCamera, pictures: Path | None) -> Iterator[str]:
    profiles = camera.profiles()
    best = best_of(profiles)
    yield f"{_url_of(camera.address)}: {camera.ahead:+.0f} seconds of the time here"
    for profile in profiles:
        yield f"  {_url_of(camera.address)}/{profile.token}{' (the one to take)' if profile == best else ''}  {profile}"
        if pictures is not None:
            yield f"    {_picture(camera, profile, pictures)}"


def _picture(camera: OnvifCamera, profile: Profile, folder: Path) -> str:
    name = re.sub(r"[^A-Za-z0-9.-]", "_", f"{camera.address.host}-{camera.address.port}-{profile.token}")
    held, target = folder / f"{name}{HELD}", folder / f"{name}.jpg"
    try:
        hold(held, camera.stream(profile), camera.login)
        picture = reader.opened_still(str(held))
    except (CameraRefuses, reader.NoPicture) as failure:
        return f"no picture: {failure}"
    finally:
        held.unlink(missing_ok=True)
    device.write_private(target, picture)
    return str(target)


def _url_of(address: Address) -> str:
    return f"onvif://{address.host}{'' if address.port == PORT else f':{address.port}'}"
