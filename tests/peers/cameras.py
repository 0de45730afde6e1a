"""A real camera for tests: GStreamer's RTSP server with digest authentication, and what speaks ONVIF before it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PASSWORD = "p w:/@'5%"
"""With what an address, a list of addresses and XML each write otherwise."""

USER = "viewer"
FOLDER = Path(__file__).parent
NEW = ("clock 0", "recording Active", "media 2", "login soap", "stream ", "answer ")
SYSTEM = "/usr/bin/python3"


class Peer:
    """A process that says its port, and takes a line at a time."""

    def __init__(self, *command: str) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._line())

    def tell(self, words: str) -> None:
        """Change it, and wait until it is changed."""
        assert self._process.stdin is not None
        self._process.stdin.write(words + "\n")
        self._process.stdin.flush()
        assert self._line() == "done"

    def close(self) -> None:
        """Switch it off."""
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line, "the peer has ended"
        return line


class RealCamera:
    """A camera with RTSP and ONVIF, as a shop has one."""

    def __init__(self) -> None:
        self.rtsp = Peer(SYSTEM, str(FOLDER / "rtsp_process.py"), PASSWORD)
        streams = f"rtsp://127.0.0.1:{self.rtsp.port}"
        self.onvif = Peer(sys.executable, str(FOLDER / "onvif_process.py"), streams, PASSWORD)

    @property
    def address(self) -> str:
        """Where it is asked by ONVIF."""
        return f"onvif://127.0.0.1:{self.onvif.port}"

    @property
    def stream(self) -> str:
        """Where it streams in H.264."""
        return f"rtsp://127.0.0.1:{self.rtsp.port}/h264"

    def films(self, scene: str) -> None:
        """Let it film "street", "black", "frozen" or "covered"."""
        self.rtsp.tell(f"scene {scene}")

    def lets_in(self, most: int) -> None:
        """Let so many programs watch at once, 0 for any number. Many real cameras have one or two lines."""
        self.rtsp.tell(f"most {most}")

    def restore(self) -> None:
        """Let it be as it was when it was new."""
        for words in (*NEW, f"password {PASSWORD}"):
            self.onvif.tell(words)
        for words in ("scene street", "most 0", f"password {PASSWORD}"):
            self.rtsp.tell(words)

    def close(self) -> None:
        """Take it from the network."""
        self.onvif.close()
        self.rtsp.close()


@contextmanager
def real_camera() -> Iterator[RealCamera]:
    """Run one."""
    assert shutil.which(SYSTEM), "the system's Python has GStreamer"
    camera = RealCamera()
    try:
        yield camera
    finally:
        camera.close()
