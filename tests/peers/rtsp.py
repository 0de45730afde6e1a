"""A camera that is asked by RTSP (RFC 2326), as a shop has one: it answers over TCP, and sends H.264 in the same line.

Each line that asks it to play gets pictures that an ffmpeg of its own makes now, with the time in them.
"""

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from imageio_ffmpeg import get_ffmpeg_exe

from integration.reference import pattern

SDP = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n{format}"
FORMAT = "a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:track0\r\n"
LARGEST = 65_536
CODED = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "15"]


class Camera:
    """A camera at a port of its own."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._programs: list[subprocess.Popen[bytes]] = []
        self._ended = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it is asked."""
        return f"rtsp://127.0.0.1:{self._listening.getsockname()[1]}/live"

    def close(self) -> None:
        """Switch it off."""
        self._ended.set()
        self._listening.close()
        for program in self._programs:
            program.kill()
            program.wait()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self._ended.is_set():
                line, _address = self._listening.accept()
                threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            asked = line.makefile("rb")
            while first := asked.readline().decode():
                headers = {}
                while (header := asked.readline().decode().strip()) != "":
                    name, _colon, value = header.partition(":")
                    headers[name.lower()] = value.strip()
                method = first.split()[0]
                line.sendall(_reply(method, headers.get("cseq", "0"), self.address))
                if method == "PLAY":
                    self._play(line)
                    return

    def _play(self, line: socket.socket) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as packets:
            packets.bind(("127.0.0.1", 0))
            packets.settimeout(5)
            self._programs.append(_sender(packets.getsockname()[1]))
            while not self._ended.is_set():
                packet = packets.recv(LARGEST)
                line.sendall(b"$\x00" + len(packet).to_bytes(2, "big") + packet)


def _reply(method: str, number: str, address: str) -> bytes:
    more = {
        "OPTIONS": "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n",
        "SETUP": "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n",
        "PLAY": "Session: 1\r\n",
    }.get(method, "")
    body = SDP.format(format=FORMAT) if method == "DESCRIBE" else ""
    if body:
        more = f"Content-Base: {address}/\r\nContent-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
    return f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\n{more}\r\n{body}".encode()


def _sender(port: int) -> subprocess.Popen[bytes]:
    """Start what makes the pictures. The port beside it is for reports that nobody reads."""
    told = [
        *pattern.source(datetime.now().astimezone()),
        *CODED,
        "-bsf:v",
        "dump_extra",
        "-f",
        "rtp",
        f"rtp://127.0.0.1:{port}?pkt_size=1200",
    ]
    command = [get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", *told]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


@contextmanager
def running_camera() -> Iterator[Camera]:
    """Run one."""
    camera = Camera()
    try:
        yield camera
    finally:
        camera.close()
