"""Mail of the demo: each message is a file, readable in the browser."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

NAME = re.compile(r"[0-9]{8}-[0-9]{12}-[0-9a-f]{8}")


class Mailbox(BaseEmailBackend):
    """Writes each message as `<time>-<random>.eml` below EMAIL_FILE_PATH."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = mail_folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{datetime.now(UTC):%Y%m%d-%H%M%S%f}-{token_hex(4)}"
            unfinished = folder / f"{name}.part"
            unfinished.write_bytes(message.message().as_bytes())
            unfinished.rename(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True, slots=True)
class Letter:
    name: str
    parsed: ParsedMessage

    @property
    def subject(self) -> str:
        return str(self.parsed["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.parsed["To"] or "")

    @property
    def written_at(self) -> datetime:
        return datetime.strptime(self.name[:21], "%Y%m%d-%H%M%S%f").replace(tzinfo=UTC)

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.parsed.items()]

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.parsed.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part is not None else ""


def mail_folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)  # type: ignore[misc]


def letters() -> list[Letter]:
    files = sorted(mail_folder().glob("*.eml"), reverse=True)
    return [_read(file) for file in files if NAME.fullmatch(file.stem)]


def letter(name: str) -> Letter | None:
    file = mail_folder() / f"{name}.eml"
    return _read(file) if NAME.fullmatch(name) and file.exists() else None


def _read(file: Path) -> Letter:
    return Letter(file.stem, message_from_bytes(file.read_bytes(), policy=policy.default))
