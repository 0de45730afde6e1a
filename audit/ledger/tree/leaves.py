"""The hashed bytes of an entry: RFC 8785 JSON of its row, written by the database.

Empty values and 0 are left out. Actor and subject are written KIND:ID, bytes in base64 as in the log's other formats,
times in UTC with microseconds. `n` holds the 128 random bits that keep a public hash from being guessed. PostgreSQL
escapes texts as RFC 8785 asks. `audit.log.redaction` ensures ASCII keys of facts and numbers without a fraction, a
check of the table numbers below 2**53.

A changed row has other bytes, also after odd changes by a superuser: an era, NULL in place of an empty text, a colon in
a kind, a collation that takes texts for equal. Functions are named with their schema, since the owner of the tables can
make others of the same name.
"""

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper

LONGEST = 65_535
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
"""Members of an entry by key, with their SQL: NULL if there is nothing to say."""

_MEMBERS = ", ".join(f"""'"{key}":' || ({WRITTEN[key]})::text""" for key in sorted(WRITTEN))
_ENTRIES = (
    f"SELECT id, '{{' || pg_catalog.concat_ws(',', {_MEMBERS}) || '}}' "  # noqa: S608
    "FROM public.audit_entry WHERE id = ANY(%s) ORDER BY id"
)


def written(cursor: CursorWrapper, ids: Sequence[int]) -> list[tuple[int, bytes]]:
    """Return id and bytes of the entries that have a row, by id."""
    cursor.execute(_ENTRIES, [list(ids)])
    return [(entry, text.encode()) for entry, text in cursor.fetchall()]
