import hashlib
from contextlib import suppress
from datetime import datetime
from pathlib import PurePath
from typing import NamedTuple
from uuid import UUID

from django.core import signing
from django.core.files.base import ContentFile
from django.utils.crypto import salted_hmac

from shop.catalogue import files
from shop.catalogue.files import CheckedPaper
from shop.rules import HELD_FOR

FOLDER = "held"
SALT = "shop.held_papers"


class HeldPaper(NamedTuple):
    paper: CheckedPaper
    name: str


def hold(paper: CheckedPaper, *, name: str, sender: UUID) -> str:
    """Hold a paper for a day because its form had another error, so that nobody chooses the file again.

    An account holds one at a time, in a file that only this account can name. Returns the signed token for its page.
    """
    place = f"{FOLDER}/{salted_hmac(SALT, str(sender), algorithm='sha256').hexdigest()}"
    files.papers().delete(place)
    told = {
        "place": files.papers().save(place, ContentFile(paper.content)),
        "ending": PurePath(paper.key).suffix,
        "digest": _digest(paper.content),
        "name": name,
    }
    return signing.dumps(told, salt=_salt(sender))


def find(token: str, *, sender: UUID) -> HeldPaper | None:
    """Return the paper of a token. None if it is of another account, too old, or replaced."""
    with suppress(signing.BadSignature, FileNotFoundError):
        told = signing.loads(token, salt=_salt(sender), max_age=HELD_FOR)
        with files.papers().open(told["place"], "rb") as file:
            content = file.read()
        if _digest(content) == told["digest"]:
            return HeldPaper(CheckedPaper(f"{files.new_key()}{told['ending']}", content), told["name"])
    return None


def let_go(token: str, *, sender: UUID) -> None:
    with suppress(signing.BadSignature):
        files.papers().delete(signing.loads(token, salt=_salt(sender))["place"])


def discard_before(moment: datetime) -> int:
    names: list[str] = []
    with suppress(FileNotFoundError):
        names = files.papers().listdir(FOLDER)[1]
    old = [name for name in names if files.papers().get_modified_time(f"{FOLDER}/{name}") < moment]
    for name in old:
        files.papers().delete(f"{FOLDER}/{name}")
    return len(old)


def _salt(sender: UUID) -> str:
    return f"{SALT}:{sender}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
