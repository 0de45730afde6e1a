"""Phone of the demo, in place of a provider of text messages: each text is a file, readable in the browser."""

import base64
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from django.conf import settings
from django.utils.crypto import constant_time_compare

from fusus_portal.demo import mailbox


@dataclass(frozen=True, slots=True)
class Text:
    """A text on the phone. number: of the phone. taken_at: ISO."""

    number: str
    body: str
    taken_at: str

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)


def is_portal(authorization: str) -> bool:
    """True if a call has the account and secret that the portal uses at its provider of texts."""
    expected = base64.b64encode(f"{settings.TEXT_ACCOUNT}:{settings.TEXT_SECRET}".encode()).decode()
    return bool(settings.TEXT_URL) and constant_time_compare(authorization, f"Basic {expected}")


def take(*, number: str, body: str) -> None:
    text = Text(number, body, datetime.now(UTC).isoformat())
    mailbox.keep(_folder(), json.dumps(asdict(text)).encode(), ".json")


def texts() -> list[Text]:
    """Return all texts, newest first."""
    files = sorted(_folder().glob("*.json"), reverse=True)
    return [Text(**json.loads(file.read_text(encoding="utf-8"))) for file in files]


def listed(number: str) -> list[dict[str, str]]:
    """Return the texts to a number as the provider lists them."""
    return [{"body": text.body, "date_created": format_datetime(text.at)} for text in texts() if text.number == number]


def _folder() -> Path:
    return Path(settings.LOCAL_DIR) / "texts"
