"""Discovery of cameras by WS-Discovery: one question to the local network, and answers for some seconds."""

import socket
import time
from contextlib import suppress
from typing import Final
from uuid import uuid4

from integration.reference.onvif.soap import Address, CameraRefuses, parsed

GROUP: Final = ("239.255.255.250", 3702)
LARGEST: Final = 64 * 1024
MOST: Final = 256
"""Answers that are read; more of them in one network would be forged."""

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
    """Return addresses that answered, each at its own host. interface: the device's own address, "" for any."""
    number = uuid4()
    found: set[tuple[str, int, str]] = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        if interface:
            line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
            line.bind((interface, 0))
        line.sendto(PROBE.format(number=number).encode(), GROUP)
        until = time.monotonic() + seconds
        for _answer in range(MOST):
            line.settimeout(max(until - time.monotonic(), 0.001))
            try:
                said, (host, _port) = line.recvfrom(LARGEST)
            except TimeoutError:
                break
            with suppress(CameraRefuses):
                address = _address_in(said, host=host, number=str(number))
                found.add((address.host, address.port, address.path))
    return [Address(*each) for each in sorted(found)]


def _address_in(said: bytes, *, host: str, number: str) -> Address:
    """Return the address in an answer to our question, at the host which sent it. Raises CameraRefuses."""
    envelope = parsed(said)
    if not (envelope.findtext(".//{*}RelatesTo") or "").strip().endswith(number):
        raise CameraRefuses("this answers another question")
    for each in (envelope.findtext(".//{*}XAddrs") or "").split():
        with suppress(CameraRefuses):
            return Address(host).beside(each)
    raise CameraRefuses("it leads to another address")
