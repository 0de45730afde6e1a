"""A camera that speaks ONVIF, in a process of its own: SOAP over HTTP, and WS-Discovery by multicast on the loopback.

It is held to the documents of ONVIF by a client that is not ours (tests/integration/reference/onvif/test_peer.py).
Each line of its standard input changes it: `clock SECONDS` by how much its clock is ahead, `password WORD`,
`recording STATE` ("" for a camera that has none), `media 1` or `media 2` which service it has, `login http` or
`login soap` how it asks for one, `stream ADDRESS` where it says that it streams, `answer KIND` how it answers from now
on. It says its port, and after each line "done".
"""

import base64
import hashlib
import http.server
import os
import socket
import struct
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from urllib.request import parse_http_list, parse_keqv_list

from defusedxml.ElementTree import fromstring

USER = "viewer"
GROUP, PORT = "239.255.255.250", 3702
SOAP = "http://www.w3.org/2003/05/soap-envelope"
DEVICE = "http://www.onvif.org/ver10/device/wsdl"
MEDIA = "http://www.onvif.org/ver10/media/wsdl"
MEDIA2 = "http://www.onvif.org/ver20/media/wsdl"
RECORDING = "http://www.onvif.org/ver10/recording/wsdl"
TT = "http://www.onvif.org/ver10/schema"
PATHS = {DEVICE: "/onvif/device_service", MEDIA: "/onvif/media", MEDIA2: "/onvif/media2", RECORDING: "/onvif/recording"}
PROFILES = {"main": ("H265", 1920, 1080, 25), "sub": ("H264", 640, 360, 10), "tiny": ("JPEG", 160, 90, 5)}
"""Profiles of the camera: codec, width, height, and pictures a second."""

MATCH = (
    '<s:Envelope xmlns:s="{soap}" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
    ' xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:n="http://www.onvif.org/ver10/network/wsdl">'
    "<s:Header><a:MessageID>urn:uuid:{own}</a:MessageID><a:RelatesTo>{question}</a:RelatesTo>"
    "<a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To>"
    "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</a:Action></s:Header>"
    "<s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:{own}</a:Address>"
    "</a:EndpointReference><d:Types>n:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/name/peer</d:Scopes>"
    "<d:XAddrs>{where}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
)


class State:
    """The state of the camera, which tests change."""

    def __init__(self, streams: str, password: str) -> None:
        self.streams = streams
        self.password = password
        self.clock = "0"
        self.recording = "Active"
        self.media = "2"
        self.login = "soap"
        self.stream = ""
        self.answer = ""
        self.port = 0

    def service(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}{PATHS[name]}"

    def services(self) -> list[str]:
        return [DEVICE, MEDIA2 if self.media == "2" else MEDIA, *([RECORDING] if self.recording else [])]


class Handler(http.server.BaseHTTPRequestHandler):
    """One call of the camera."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    state: State

    def do_POST(self) -> None:
        """Answer a call."""
        said = self.rfile.read(int(self.headers["Content-Length"]))
        envelope = fromstring(said)
        body = envelope.find(f"{{{SOAP}}}Body")
        assert body is not None
        question = body[0]
        name = question.tag.rpartition("}")[2]
        if self.state.answer:
            self._misbehave(self.state.answer)
        elif name != "GetSystemDateAndTime" and not self._is_let_in(envelope):
            self._ask_for_login()
        else:
            self._send(200, self._answer(question.tag, question))

    def log_message(self, *_said: object) -> None:
        """Say nothing."""

    def _is_let_in(self, envelope: Any) -> bool:
        if self.state.login == "http":
            return self._is_digest_right()
        token = envelope.find(".//{*}UsernameToken")
        if token is None or token.findtext("{*}Username") != USER:
            return False
        nonce = base64.b64decode(token.findtext("{*}Nonce") or "")
        created = token.findtext("{*}Created") or ""
        right = base64.b64encode(
            hashlib.sha1(nonce + created.encode() + self.state.password.encode(), usedforsecurity=False).digest()
        ).decode()
        off = abs(datetime.fromisoformat(created) - self._now())
        # As cameras do: a login of another time is somebody's who heard it then.
        return token.findtext("{*}Password") == right and off < timedelta(seconds=30)

    def _is_digest_right(self) -> bool:
        scheme, _space, rest = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Digest":
            return False
        said = parse_keqv_list(parse_http_list(rest))
        first = _md5(f"{USER}:camera:{self.state.password}")
        second = _md5(f"POST:{said['uri']}")
        right = _md5(f"{first}:{said['nonce']}:{said['nc']}:{said['cnonce']}:auth:{second}")
        return said["username"] == USER and said["response"] == right and urlsplit(said["uri"]).path == self.path

    def _ask_for_login(self) -> None:
        if self.state.login == "http":
            self.send_response(401)
            self.send_header("WWW-Authenticate", f'Digest realm="camera", qop="auth", nonce="{os.urandom(8).hex()}"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        code = '<s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:t="http://www.onvif.org/ver10/error">t:NotAuthorized</s:Value></s:Subcode></s:Code>'
        reason = '<s:Reason><s:Text xml:lang="en">Sender not Authorized</s:Text></s:Reason>'
        self._send(400, f"<s:Fault>{code}{reason}</s:Fault>")

    def _send(self, status: int, body: str) -> None:
        said = (
            f'<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{SOAP}"><s:Body>{body}</s:Body></s:Envelope>'
        )
        self._send_raw(status, said.encode())

    def _send_raw(self, status: int, said: bytes, **headers: str) -> None:
        self.send_response(status)
        for header, value in {"Content-Type": "application/soap+xml; charset=utf-8", **headers}.items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def _now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.state.clock))

    def _answer(self, tag: str, question: Any) -> str:
        namespace, _brace, name = tag.strip("{").partition("}")
        return (
            f'<x:{name}Response xmlns:x="{namespace}" xmlns:t="{TT}">{ANSWERS[name](self, question)}</x:{name}Response>'
        )

    def _system_date_and_time(self, _question: Any) -> str:
        now = self._now()
        day = _tags(Year=now.year, Month=now.month, Day=now.day)
        at = _tags(Hour=now.hour, Minute=now.minute, Second=now.second)
        kind = _tags(DateTimeType="Manual", DaylightSavings="false")
        return f"<x:SystemDateAndTime>{kind}{_tags(UTCDateTime=_tags(Time=at, Date=day))}</x:SystemDateAndTime>"

    def _services(self, _question: Any) -> str:
        version = "<x:Version><t:Major>2</t:Major><t:Minor>60</t:Minor></x:Version>"
        return "".join(
            f"<x:Service><x:Namespace>{each}</x:Namespace><x:XAddr>{self.state.service(each)}</x:XAddr>{version}</x:Service>"
            for each in self.state.services()
        )

    def _profiles(self, question: Any) -> str:
        write = _profile2 if question.tag.startswith(f"{{{MEDIA2}}}") else _profile1
        return "".join(write(token, *facts) for token, facts in PROFILES.items())

    def _stream_uri(self, question: Any) -> str:
        token = question.findtext("{*}ProfileToken") or ""
        where = self.state.stream or f"{self.state.streams}/{PROFILES[token][0].lower()}"
        if question.tag.startswith(f"{{{MEDIA2}}}"):
            return f"<x:Uri>{where}</x:Uri>"
        rest = "<t:InvalidAfterConnect>false</t:InvalidAfterConnect><t:InvalidAfterReboot>false</t:InvalidAfterReboot>"
        return f"<x:MediaUri><t:Uri>{where}</t:Uri>{rest}<t:Timeout>PT0S</t:Timeout></x:MediaUri>"

    def _recording_jobs(self, _question: Any) -> str:
        mode = "<t:Mode>Active</t:Mode><t:Priority>1</t:Priority>"
        job = f"<t:JobConfiguration><t:RecordingToken>r1</t:RecordingToken>{mode}</t:JobConfiguration>"
        return f"<x:JobItem><t:JobToken>j1</t:JobToken>{job}</x:JobItem>"

    def _recording_job_state(self, _question: Any) -> str:
        state = f"<t:RecordingToken>r1</t:RecordingToken><t:State>{self.state.recording}</t:State>"
        return f"<x:State>{state}</x:State>"

    def _misbehave(self, how: str) -> None:
        """Answer as no camera should."""
        if how == "drip":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            with suppress(ConnectionError):
                for _number in range(600):
                    self.wfile.write(b" ")
                    time.sleep(0.2)
        elif how == "redirect":
            self._send_raw(307, b"", Location=self.state.stream)
        else:
            with suppress(ConnectionError):
                self._send_raw(200, NONSENSE[how])


def _entities(depth: int) -> str:
    rows = "".join(f'<!ENTITY e{each} "{f"&e{each - 1};" * 10}">' for each in range(1, depth))
    return f'<!DOCTYPE s [<!ENTITY e0 "lol">{rows}]>'


ANSWERS = {
    "GetSystemDateAndTime": Handler._system_date_and_time,
    "GetServices": Handler._services,
    "GetProfiles": Handler._profiles,
    "GetStreamUri": Handler._stream_uri,
    "GetRecordingJobs": Handler._recording_jobs,
    "GetRecordingJobState": Handler._recording_job_state,
}
NONSENSE = {
    "huge": b"<a>" + b"x" * 50_000_000 + b"</a>",
    "bomb": f'{_entities(10)}<s:Envelope xmlns:s="{SOAP}"><s:Body>&e9;</s:Body></s:Envelope>'.encode(),
    "bomb16": f"{_entities(10)}<s>&e9;</s>".encode("utf-16"),
    "binary": bytes(range(256)) * 40,
    "empty": b"",
    "page": b"<html><body>Welcome</body></html>",
    "bodiless": f'<s:Envelope xmlns:s="{SOAP}"><s:Body/></s:Envelope>'.encode(),
    "deep": b"<a>" * 100_000,
}


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _tags(**values: object) -> str:
    return "".join(f"<t:{name}>{value}</t:{name}>" for name, value in values.items())


def _profile2(token: str, codec: str, width: int, height: int, rate: int) -> str:
    limits = _tags(FrameRateLimit=rate, BitrateLimit=800)
    facts = _tags(Name=token, UseCount=1, Encoding=codec, Resolution=_tags(Width=width, Height=height))
    facts += _tags(RateControl=limits, Quality=5)
    coded = f'<x:Configurations><x:VideoEncoder token="e-{token}">{facts}</x:VideoEncoder></x:Configurations>'
    return f'<x:Profiles token="{token}" fixed="true"><x:Name>{token}</x:Name>{coded}</x:Profiles>'


def _profile1(token: str, codec: str, width: int, height: int, rate: int) -> str:
    if codec == "H265":
        return ""  # that service has no word for it
    limits = _tags(FrameRateLimit=rate, EncodingInterval=1, BitrateLimit=800)
    where = _tags(Address=_tags(Type="IPv4", IPv4Address="0.0.0.0"), Port=0, TTL=1, AutoStart="false")  # noqa: S104
    facts = _tags(Name=token, UseCount=1, Encoding=codec, Resolution=_tags(Width=width, Height=height), Quality=5)
    facts += _tags(RateControl=limits, Multicast=where, SessionTimeout="PT60S")
    coded = f'<t:VideoEncoderConfiguration token="e-{token}">{facts}</t:VideoEncoderConfiguration>'
    return f'<x:Profiles token="{token}" fixed="true"><t:Name>{token}</t:Name>{coded}</x:Profiles>'


def answer_probes(state: State, own: str) -> None:
    """Answer programs that ask the network for cameras."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.bind((GROUP, PORT))
        here = struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton("127.0.0.1"))
        line.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, here)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as back:
            back.bind(("127.0.0.1", 0))
            heard = set[str | None]()
            while True:
                said, asker = line.recvfrom(65_536)
                question = fromstring(said).findtext(".//{*}MessageID")
                if state.answer == "second" and question not in heard:
                    heard.add(question)
                    continue
                where = state.stream if state.answer == "elsewhere" else state.service(DEVICE)
                back.sendto(MATCH.format(soap=SOAP, own=own, question=question, where=where).encode(), asker)


def say(line: str) -> None:
    """Say a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Serve until standard input ends."""
    state = State(sys.argv[1], sys.argv[2])
    handler = type("Own", (Handler,), {"state": state})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    own = f"00000000-0000-4000-8000-{state.port:012d}"
    threading.Thread(target=answer_probes, args=(state, own), daemon=True).start()
    say(str(state.port))
    for line in sys.stdin:
        word, _space, value = line.rstrip("\n").partition(" ")
        setattr(state, word, value)
        say("done")


if __name__ == "__main__":
    main()
