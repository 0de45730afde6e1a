"""A form, and right and wrong answers to each of its questions: what a field, a rule or a service refuses."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.test import Client
from PIL import Image

from fusus_portal.ground.held_files import FIELDS_BESIDE
from fusus_portal.ground.pictures import LARGEST_BYTES
from tests.typed import typed

Answers = dict[str, Any]
PROTEST = "See who came to the protest downtown"
FAR = {"latitude": "39.7392", "longitude": "-104.9903"}
"""Denver."""


@dataclass(frozen=True)
class Upload:
    """A file, to be sent as often as a form is."""

    name: str
    content: bytes = field(repr=False)

    def read(self) -> bytes:
        """Return all of it."""
        return self.content


@dataclass(frozen=True)
class Question:
    """Fields that are mended together. right, wrong: answers to them."""

    right: Answers
    wrong: tuple[Answers, ...]


@dataclass(frozen=True)
class WrongForm:
    """One form before somebody who fills it in. besides: what its page sends along."""

    browser: Client
    address: str
    questions: tuple[Question, ...]
    besides: Answers = field(default_factory=dict)


def picture() -> Upload:
    """Return a picture."""
    made = BytesIO()
    Image.new("RGB", (60, 40), "navy").save(made, "PNG")
    return Upload("picture.png", made.getvalue())


NO_PICTURE = Upload("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(60))
"""Begins as a picture does, but is not one."""

SCRIPT = Upload("paper.pdf", b"#!/bin/sh")
TOO_LARGE = Upload("paper.pdf", bytes(LARGEST_BYTES + FIELDS_BESIDE))


def asks(name: str, right: object, *wrong: object) -> Question:
    """Return a question of one field."""
    return Question({name: right}, tuple({name: each} for each in wrong))


def window(starts_at: datetime, ends_at: datetime, *wrong: tuple[timedelta, timedelta]) -> Question:
    """Return the question of a stretch of time. wrong: by how much both ends are moved."""
    right = {"starts_at": typed(starts_at), "ends_at": typed(ends_at)}
    moved = tuple({"starts_at": typed(starts_at + start), "ends_at": typed(ends_at + end)} for start, end in wrong)
    return Question(right, ({"starts_at": "", "ends_at": "noon"}, *moved))
