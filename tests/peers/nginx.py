"""The proxy that docs/nginx.conf describes, with a certificate and ports of the test's own."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DOCUMENTED = Path(__file__).resolve().parents[2] / "docs/nginx.conf"
SECONDS_TO_ANSWER = 20.0
NOBODY = 1
"""A port without a listener."""

MAIN = """
daemon off;
worker_processes auto;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_rlimit_nofile 16384;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/portal.conf;
}}
"""


HOLDS_BACK = """
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_pass {behind};
        proxy_http_version 1.0;  # of a chunked answer each chunk is handed on
        proxy_set_header Host $http_host;
        proxy_ignore_headers X-Accel-Buffering;
        proxy_buffer_size 4m;
        proxy_buffers 8 4m;
        proxy_busy_buffers_size 8m;
    }}
}}
"""


SLOW = """
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_pass {behind};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_ignore_headers X-Accel-Buffering;
        proxy_buffer_size 4k;
        proxy_buffers 256 4k;
        proxy_busy_buffers_size 8k;
        proxy_max_temp_file_size 0;
        limit_rate {pace};
    }}
}}
"""


@contextmanager
def proxy(portal: int, folder: Path, *, relay: int = NOBODY) -> Iterator[int]:
    """Run nginx before a portal and a relay, by their ports; yield the port of this machine where it speaks TLS."""
    folder.mkdir()
    port = _free_port()
    _write_certificate(folder)
    _write_configuration(folder, port=port, portal=portal, relay=relay)
    with _running(folder, port):
        yield port


@contextmanager
def holding_back(port: int, behind: str, folder: Path) -> Iterator[None]:
    """Run a proxy of somebody else's network: it hands an answer on once it has four megabytes of it, or all."""
    with _between(HOLDS_BACK.format(port=port, behind=behind), port, folder):
        yield


@contextmanager
def slow(port: int, behind: str, folder: Path, *, pace: int) -> Iterator[None]:
    """Run a proxy before a line that carries so many bytes a second; what waits for it is collected."""
    with _between(SLOW.format(port=port, behind=behind, pace=pace), port, folder):
        yield


@contextmanager
def _between(written: str, port: int, folder: Path) -> Iterator[None]:
    folder.mkdir()
    _write_main(folder)
    (folder / "portal.conf").write_text(written, encoding="utf-8")
    with _running(folder, port):
        yield


@cache
def anybody() -> ssl.SSLContext:
    """Return TLS that takes the certificate of the test."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextmanager
def _running(folder: Path, port: int) -> Iterator[None]:
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"])
    try:
        _wait(port, folder / "error.log")
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _write_configuration(folder: Path, *, port: int, portal: int, relay: int) -> None:
    places = {
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{portal};",
        "proxy_pass http://127.0.0.1:8100/;": f"proxy_pass http://127.0.0.1:{relay}/;",
        "proxy_pass http://127.0.0.1:8101/core/;": f"proxy_pass http://127.0.0.1:{relay + 1}/core/;",
        "/etc/ssl/certs/portal.pem": f"{folder}/portal.pem",
        "/etc/ssl/private/portal.key": f"{folder}/portal.key",
    }
    text = DOCUMENTED.read_text(encoding="utf-8")
    for written, here in places.items():
        text, count = re.subn(re.escape(written), here, text)
        assert count == 1, written
    (folder / "portal.conf").write_text(text, encoding="utf-8")
    _write_main(folder)


def _write_main(folder: Path) -> None:
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user), encoding="utf-8")


def _write_certificate(folder: Path) -> None:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(tz=UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = made.sign(key, hashes.SHA256())
    (folder / "portal.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    encoded = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "portal.key").write_bytes(encoded)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def _wait(port: int, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(log.read_text(encoding="utf-8")[-2000:] if log.exists() else "nginx does not start")
