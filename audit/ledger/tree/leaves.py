"""The hashed bytes of leaves: of entries, and of fillers.

An entry is RFC 8785 JSON of its row, written by the database, without empty values and 0. Actor and subject are written
KIND:ID, bytes in base64 as in the log's other formats, times in UTC with microseconds. `n` holds the 128 random bits
that keep a public hash from being guessed. `masked_facts` of `audit.log.services` ensures ASCII keys of facts and
numbers without a fraction, a check of the table numbers below 2**53.

A changed row has other bytes, also after odd changes by a superuser: an era, NULL in place of an empty text, a colon in
a kind, a collation that takes texts for equal, functions of the same name in another schema.

Fillers are leaves without an entry, which keep the size of the public tree from revealing how much was done. They come
at random moments and in random number, whatever else happens (docs/decisions/audit/fillers.md has the sums). A filler
has a number of the log and no row there, so counts and lists of entries never meet it. Its bytes are those of an empty
entry, and 128 random bits make its hash look like an entry's.
"""

import base64
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from random import Random, SystemRandom
from time import monotonic

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

LONGEST_ENTRY = 65_535
"""Most bytes of one entry: a bundle has the length of each in two bytes."""

_TIME = """pg_catalog.to_json(pg_catalog.replace(
    pg_catalog.to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"AD'), 'AD', ''))"""
_FACTS = """CASE pg_catalog.jsonb_typeof(facts) WHEN 'object' THEN (
    SELECT '{' || pg_catalog.string_agg(
        pg_catalog.to_json(key)::text || ':' || value::text, ',' ORDER BY key COLLATE "C") || '}'
    FROM pg_catalog.jsonb_each(facts)) ELSE coalesce(facts::text, 'null') END"""


def _text(column: str) -> str:
    text = _characters(column)
    return f"CASE {text} WHEN '' THEN NULL ELSE coalesce(pg_catalog.to_json({text})::text, 'null') END"


def _named(what: str) -> str:
    kind, name = _characters(f"{what}_kind"), _characters(f"{what}_id")
    kind = rf"pg_catalog.replace({kind}, ':', '\:')"
    return f"pg_catalog.to_json({kind} || CASE {name} WHEN '' THEN '' ELSE ':' || {name} END)"


def _characters(column: str) -> str:
    return f'({column}::text COLLATE "C")'


def _bytes(column: str) -> str:
    return f"pg_catalog.to_json(pg_catalog.encode({column}, 'base64'))"


WRITTEN = {
    "actor": _named("actor"),
    "address_digest": _bytes("address_digest"),
    "agent_digest": _bytes("agent_digest"),
    "area": _text("area"),
    "at": _TIME,
    "camera": "pg_catalog.to_json(camera_id)",
    "camera_number": "CASE camera_number WHEN 0 THEN NULL ELSE coalesce(camera_number::text, 'null') END",
    "db_role": _text("db_role"),
    "event": _text("event"),
    "facts": _FACTS,
    "id": "id",
    "incident": "pg_catalog.to_json(incident_id)",
    "n": _bytes("nonce"),
    "offence": _text("offence_type"),
    "outcome": _text("outcome"),
    "premises": _text("premises_type"),
    "pseudonym": _text("actor_pseudonym"),
    "reason_digest": _bytes("reason_digest"),
    "role": _text("actor_role"),
    "sign_in": _text("sign_in"),
    "subject": _named("subject"),
    "transaction": "transaction",
}
"""Members of an entry's JSON by key, with the SQL of their values; NULL leaves a member out."""

_MEMBERS = ", ".join(f"""'"{key}":' || ({WRITTEN[key]})::text""" for key in sorted(WRITTEN))
_ENTRIES = (
    f"SELECT id, '{{' || pg_catalog.concat_ws(',', {_MEMBERS}) || '}}' "  # noqa: S608
    "FROM public.audit_entry WHERE id = ANY(%s) ORDER BY id"
)


def written_entries(cursor: CursorWrapper, ids: Sequence[int]) -> list[tuple[int, bytes]]:
    """Return id and bytes of those of the entries that have a row, in the order of ids."""
    cursor.execute(_ENTRIES, [list(ids)])
    return [(entry, text.encode()) for entry, text in cursor.fetchall()]


ONE_MORE_FILLER = 0.5
"""The chance that another filler follows at the same moment: two on average, ten or more once in 512."""

FILLER_SECOND = 59
"""Second of a minute in which waiting fillers are sealed without entries, so that an hour publishes all of its own."""

FILLER_RANDOM_BYTES = 16
FILLER = '{{"event":"audit:filler:add","id":{},"n":"{}"}}'
_FILLER = re.compile(rb'\{"event":"audit:filler:add","id":([1-9][0-9]{0,18}),"n":"[A-Za-z0-9+/]{22}=="\}')

Filler = tuple[int, bytes]
"""Number in the log and bytes, as of entries in the tree."""


def number_of_filler(content: bytes) -> int | None:
    """Return a filler's number, None for other bytes. No entry looks like a filler: it says who acted, and when."""
    found = _FILLER.fullmatch(content)
    return int(found[1]) if found else None


def new_fillers(count: int) -> list[Filler]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('audit_entry_id_seq') FROM generate_series(1, %s)", [count])
        return [(number, _filler_content(number)) for (number,) in cursor.fetchall()]


def _filler_content(number: int) -> bytes:
    return FILLER.format(number, base64.b64encode(secrets.token_bytes(FILLER_RANDOM_BYTES)).decode()).encode()


class FillerSchedule:
    """Moments of fillers, and the fillers that wait for their place.

    Moments form a Poisson process, so past ones reveal nothing of later ones. A filler has its number from its moment
    on, and its place among the entries by that number: sealing it later moves nothing.
    """

    def __init__(self, random: Random | None = None) -> None:
        self._random = random or SystemRandom()
        self._next = monotonic() + self._pause()
        self.waiting: list[Filler] = []

    def come(self) -> None:
        """Make the fillers whose moments have come. After an outage, of the database say, all due ones come at once."""
        due = 0
        while settings.LEDGER_FILLER_SECONDS and self._next <= monotonic():
            due += self.number()
            self._next += self._pause()
        if due:
            self.waiting += new_fillers(due)

    def number(self) -> int:
        drawn = 1
        while self._random.random() < ONE_MORE_FILLER:
            drawn += 1
        return drawn

    def _pause(self) -> float:
        seconds: float = settings.LEDGER_FILLER_SECONDS
        return self._random.expovariate(1 / seconds) if seconds else 0.0


def come_alone(at: datetime) -> bool:
    """True if waiting fillers are sealed now even without an entry."""
    return at.second == FILLER_SECOND
