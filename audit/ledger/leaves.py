"""The bytes of an entry, as they are hashed: RFC 8785 JSON of its row, which the database writes.

What is empty or 0 is left out. Who acted and what it was about stand as KIND:ID, bytes in base64 as in the log's other
formats, times in UTC with microseconds. `n` are the 128 random bits that keep a public hash from being guessed.
PostgreSQL escapes texts as RFC 8785 asks for; keys are ASCII, and its checks let only whole numbers below 2**53 pass.
"""

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper

LONGEST = 65_535
"""Bytes of one entry: a bundle says the length of each in two bytes."""


_FACTS = """CASE jsonb_typeof(facts) WHEN 'object' THEN (
    SELECT '{' || string_agg(to_json(key)::text || ':' || value::text, ',' ORDER BY key COLLATE "C") || '}'
    FROM jsonb_each(facts)) ELSE facts::text END"""


def _named(what: str) -> str:
    """Return what writes a kind and an id; a colon in the kind, which none has, would not pass for the one between."""
    return rf"to_json(concat_ws(':', replace({what}_kind, ':', '\:'), nullif({what}_id, '')))"


def _text(column: str) -> str:
    return f"to_json(nullif({column}, ''))"


def _bytes(column: str) -> str:
    return f"to_json(encode({column}, 'base64'))"


WRITTEN = {
    "actor": _named("actor"),
    "address_digest": _bytes("address_digest"),
    "agent_digest": _bytes("agent_digest"),
    "area": _text("area"),
    "at": """to_json(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))""",
    "camera": "to_json(camera_id)",
    "camera_number": "nullif(camera_number, 0)",
    "db_role": _text("db_role"),
    "event": _text("event"),
    "facts": _FACTS,
    "id": "id",
    "incident": "to_json(incident_id)",
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
"""What an entry says, by its key, and the SQL for it: NULL where there is nothing to say."""

_MEMBERS = ", ".join(f"""'"{key}":' || ({WRITTEN[key]})::text""" for key in sorted(WRITTEN))
_ENTRIES = f"SELECT id, '{{' || concat_ws(',', {_MEMBERS}) || '}}' FROM audit_entry WHERE id = ANY(%s) ORDER BY id"  # noqa: S608


def written(cursor: CursorWrapper, ids: Sequence[int]) -> list[tuple[int, bytes]]:
    """Return id and bytes of those entries whose rows there are, by id."""
    cursor.execute(_ENTRIES, [list(ids)])
    return [(entry, text.encode()) for entry, text in cursor.fetchall()]
