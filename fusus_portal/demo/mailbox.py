"""Mail of the demo: each message is a file, readable in the browser."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

NAME = re.compile(r"[0-9]{8}-[0-9]{12}-[0-9a-f]{8}")


class Mailbox(BaseEmailBackend):
    """Writes each message as `<time>-<random>.eml` below EMAIL_FILE_PATH."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            keep(mail_folder(), message.message().as_bytes(), ".eml")
        return len(email_messages)


def keep(folder: Path, content: bytes, ending: str) -> None:
    """Write a file `<time>-<random>`, complete at once."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S%f}-{token_hex(4)}.part"
    unfinished.write_bytes(content)
    unfinished.rename(unfinished.with_suffix(ending))


@dataclass(frozen=True, slots=True)
class Letter:
    name: str
    subject: str
    to: str
    written_at: datetime
    headers: list[tuple[str, str]]
    text: str
    html: str


def mail_folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)  # type: ignore[misc]


def letters() -> list[Letter]:
    files = sorted(mail_folder().glob("*.eml"), reverse=True)
    return [read(file) for file in files if NAME.fullmatch(file.stem)]


def letter(name: str) -> Letter | None:
    file = mail_folder() / f"{name}.eml"
    return read(file) if NAME.fullmatch(name) and file.exists() else None


def read(file: Path) -> Letter:
    parsed = message_from_bytes(file.read_bytes(), policy=policy.default)
    headers = [(name, str(value)) for name, value in parsed.items()]
    written_at = datetime.strptime(file.stem[:21], "%Y%m%d-%H%M%S%f").replace(tzinfo=UTC)
    bodies = [parsed.get_body(preferencelist=(kind,)) for kind in ("plain", "html")]
    contents = [str(body.get_content()) if body is not None else "" for body in bodies]
    return Letter(file.stem, str(parsed["Subject"] or ""), str(parsed["To"] or ""), written_at, headers, *contents)
