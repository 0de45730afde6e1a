"""Format of deliveries from dispatch: a JSON object signed with Ed25519, as compact JWS (RFC 7515, RFC 8037).

docs/dispatch.md describes it for the person who builds the sender. Nothing here uses the database.
"""

import base64
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from jwt.exceptions import PyJWTError

ALGORITHM: Final = "EdDSA"
LARGEST_BYTES: Final = 256 * 1024
MOST_INCIDENTS: Final = 100
LONGEST_ID: Final = 64
LONGEST_PLACE: Final = 160
LONGEST_TEXT: Final = 200
TEXTS: Final = ("id", "number", "type", "place")
NUMBERS: Final = ("latitude", "longitude")
MOMENTS: Final = ("as_of", "starts_at", "ends_at")


class NotSigned(ValueError):
    """A text not signed by the key, or not signed at all. No detail: it would help somebody who guesses."""


class MalformedDelivery(ValueError):
    """A signed text that is not in the format. The message says what is wrong and where."""


class Claims(NamedTuple):
    """The content of a signed delivery. source: the dispatch system. delivery: the delivery's id, used once."""

    source: str
    delivery: str
    issued_at: datetime
    items: tuple[Any, ...]


class Item(NamedTuple):
    """One incident as dispatch reports it. id: dispatch's id. as_of: time of the report; the latest report counts."""

    id: str
    number: str
    type: str
    place: str
    latitude: float
    longitude: float
    as_of: datetime
    starts_at: datetime
    ends_at: datetime


def key_id_of(token: str) -> str:
    """Return the id of the key with which a text claims to be signed. Raises NotSigned."""
    try:
        key_id = str(jwt.get_unverified_header(token)["kid"])
    except (PyJWTError, KeyError, ValueError) as error:
        raise NotSigned from error
    if not key_id.isprintable():
        raise NotSigned
    return key_id


def claims_of(token: str, public_key: str) -> Claims:
    """Return the claims of a text signed with this key (base64). Raises NotSigned, MalformedDelivery."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
    # The format has its own rules for times and ids; the library checks the signature and nothing else.
    options: Any = {f"verify_{name}": False for name in ("iat", "aud", "iss", "sub", "jti", "exp", "nbf")}
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM], options=options)
    except (PyJWTError, InvalidSignature, ValueError) as error:
        raise NotSigned from error
    items = claims.get("incidents")
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_INCIDENTS:
        raise MalformedDelivery(f'"incidents" must be a list of 1 to {MOST_INCIDENTS}.')
    return Claims(
        source=_text(claims, "iss", LONGEST_ID),
        delivery=_text(claims, "jti", LONGEST_ID),
        issued_at=_seconds(claims, "iat"),
        items=tuple(items),
    )


def item_of(found: Any) -> Item:
    """Return one incident of a delivery. found: the parsed JSON. Raises MalformedDelivery."""
    if not isinstance(found, Mapping):
        raise MalformedDelivery("An incident must be an object.")
    if unknown := sorted(set(map(str, found)) - {*TEXTS, *NUMBERS, *MOMENTS}):
        raise MalformedDelivery(f"Unknown: {', '.join(unknown)[:LONGEST_TEXT]}. Send only what the format names.")
    return Item(
        id=_text(found, "id", LONGEST_ID),
        number=_text(found, "number", LONGEST_TEXT),
        type=_text(found, "type", LONGEST_TEXT),
        place=_text(found, "place", LONGEST_PLACE),
        latitude=_degrees(found, "latitude", 90),
        longitude=_degrees(found, "longitude", 180),
        as_of=_moment(found, "as_of"),
        starts_at=_moment(found, "starts_at"),
        ends_at=_moment(found, "ends_at"),
    )


def raw_key(pem: str) -> str:
    """Return the 32 bytes of a public key in base64. pem: by `openssl pkey -pubout`. Raises ValueError."""
    key = load_pem_public_key(pem.strip().encode())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("no Ed25519 key")
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _text(found: Mapping[str, Any], name: str, longest: int) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > longest or not value.isprintable():
        raise MalformedDelivery(f'"{name}" must be a text of 1 to {longest} characters.')
    return " ".join(value.split())


def _degrees(found: Mapping[str, Any], name: str, most: int) -> float:
    value = found.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > most:
        raise MalformedDelivery(f'"{name}" must be a number of degrees from -{most} to {most}.')
    return float(value)


def _moment(found: Mapping[str, Any], name: str) -> datetime:
    value = found.get(name)
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise MalformedDelivery(f'"{name}" must be a time with its zone, such as 2026-11-24T21:40:00-06:00.')


def _seconds(found: Mapping[str, Any], name: str) -> datetime:
    value = found.get(name)
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise MalformedDelivery(f'"{name}" must be the time of sending in whole seconds since 1970.')
