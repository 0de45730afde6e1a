"""A provider of text messages (Twilio's Messages API), in a process of its own. It imports nothing of the portal.

`python -m tests.peers.texts_process ACCOUNT SECRET`. It prints its address. `/_control/` is the tests': what goes wrong
next, what it took, and the calls it makes.
"""

import base64
import hashlib
import hmac
import json
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ACCOUNT, SECRET = sys.argv[1:3]
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
AUTHORIZATION = "Basic " + base64.b64encode(f"{ACCOUNT}:{SECRET}".encode()).decode()
LONGEST = 1600
Json = dict[str, Any]


class Provider:
    """The messages that the provider took, and the faults of the next posts. faults: each with "kind" and more."""

    def __init__(self) -> None:
        self.messages: list[Json] = []
        self.faults: list[Json] = []
        self.posts = 0
        self.lists = True
        self.let_go = threading.Event()
        self.lock = threading.Lock()

    def take(self, form: dict[str, str]) -> Json:
        """Take a message, as a new one each time: nothing tells two alike from one that was sent twice."""
        with self.lock:
            message = {
                "sid": f"SM{len(self.messages):032x}",
                "to": form["To"],
                "from": form["From"],
                "body": form["Body"],
                "status": "queued",
                "date_created": formatdate(time.time()),
                "callback": form.get("StatusCallback", ""),
            }
            self.messages.append(message)
        return message

    def next_fault(self) -> Json:
        """Return what goes wrong with this post, nothing for one that is answered as it should be."""
        with self.lock:
            self.posts += 1
            return self.faults.pop(0) if self.faults else {}


provider = Provider()


def signature(url: str, form: dict[str, str]) -> str:
    """Sign a call as Twilio does."""
    text = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(SECRET.encode(), text.encode(), hashlib.sha1).digest()).decode()


def call(url: str, form: dict[str, str], times: int) -> list[Json]:
    """Call the portal, so many times with the very same; return its answers."""
    answers = []
    for _time in range(times):
        request = urllib.request.Request(url, urllib.parse.urlencode(form).encode())  # noqa: S310
        request.add_header("X-Twilio-Signature", signature(url, form))
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                answers.append({"status": answer.status, "body": answer.read().decode()})
        except urllib.error.HTTPError as refused:
            answers.append({"status": refused.code, "body": ""})
    return answers


def control(what: str, told: Json) -> Json:
    """Do what a test asks."""
    if what == "forget":
        provider.let_go.set()
        provider.__init__()  # type: ignore[misc]
    elif what == "fault":
        provider.faults.append(told)
    elif what == "lists":
        provider.lists = told["lists"]
    elif what == "let_go":
        provider.let_go.set()
    elif what == "signed":
        return {"signature": signature(told["url"], told["form"])}
    elif what == "call":
        return {"answers": call(told["url"], told["form"], told["times"])}
    return {"messages": provider.messages, "posts": provider.posts}


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take a message, or what a test tells."""
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urllib.parse.urlsplit(self.path).path
        if path.startswith("/_control/"):
            self.say(200, control(path.removeprefix("/_control/"), json.loads(content)))
        elif self.may(path):
            self.post({name: values[0] for name, values in urllib.parse.parse_qs(content.decode()).items()})

    def do_GET(self) -> None:
        """List messages to a number, latest first."""
        parts = urllib.parse.urlsplit(self.path)
        if not self.may(parts.path):
            return
        if not provider.lists:
            self.say(405, {"code": 20004})
            return
        asked = dict(urllib.parse.parse_qsl(parts.query))
        found = [each for each in provider.messages if each["to"] == asked.get("To", each["to"])]
        self.say(200, {"messages": found[::-1][: int(asked.get("PageSize", 50))]})

    def may(self, path: str) -> bool:
        """Return whether a path is the right address, and asked for by the account."""
        if path == PATH and self.headers.get("Authorization") == AUTHORIZATION:
            return True
        self.say(404 if path != PATH else 401, {"code": 20404 if path != PATH else 20003})
        return False

    def post(self, form: dict[str, str]) -> None:
        """Take a message, unless something goes wrong first, or afterwards."""
        fault = provider.next_fault()
        kind = fault.get("kind", "")
        if kind == "refuse":
            self.say(fault["status"], {"code": fault["code"], "message": f"no text to {form.get('To')}"})
        elif not form.get("To") or not form.get("From") or not 0 < len(form.get("Body", "")) <= LONGEST:
            self.say(400, {"code": 21602})
        else:
            AFTERWARDS.get(kind, Handler.say_taken)(self, provider.take(form))

    def say_taken(self, message: Json) -> None:
        """Answer that the message was taken."""
        self.say(201, message)

    def wait(self, message: Json) -> None:
        """Take the message, and say nothing until the test is done."""
        provider.let_go.wait(60)
        self.say_taken(message)

    def cut(self, _message: Json) -> None:
        """Take the message, and end the connection."""
        self.close_connection = True
        self.connection.close()

    def fail(self, _message: Json) -> None:
        """Take the message, and answer that something is wrong."""
        self.say(500, {"code": 20500})

    def say(self, status: int, told: Json) -> None:
        """Answer."""
        content = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


AFTERWARDS: dict[str, Callable[[Handler, Json], None]] = {
    "slow": Handler.wait,
    "cut": Handler.cut,
    "error": Handler.fail,
}


def main() -> None:
    """Serve until ended."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
