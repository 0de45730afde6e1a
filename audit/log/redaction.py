"""Keeps secrets out of the ledger, which nobody can clean afterwards."""

import re
from collections.abc import Mapping

MASK = "[masked]"
_SECRET_NAME = re.compile(r"pass(word|phrase)?|secret|token|api_?key|cookie|authorization|credential", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"[A-Za-z0-9_-]{43,}|bearer\s+\S+|sessionid=\S+|(?:sk|rk|whsec)_\w{8,}", re.IGNORECASE)
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")

Facts = dict[str, int | str]


def masked_text(text: str) -> str:
    """Return `text` with everything that looks like a key, token or cookie masked."""
    return _SECRET_VALUE.sub(MASK, text)


def masked_facts(facts: Mapping[str, int | str]) -> Facts:
    """Return `facts` with secrets masked.

    Raises ValueError for a key that is not ASCII and TypeError for a value that is neither
    integer nor string: the entry's bytes must be the same on every machine (RFC 8785).
    """
    return {key: _masked_value(key, value) for key, value in facts.items()}


def _masked_value(key: str, value: int | str) -> int | str:
    if not key.isascii():
        raise ValueError(f"fact {key!r}: keys are ASCII")
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"fact {key!r}: integers and strings only, not {type(value).__name__}")
    if _SECRET_NAME.search(key):
        return MASK
    if key == "sha256" and _FINGERPRINT.fullmatch(str(value)):
        return value  # a file's hash looks like a key and is none
    return masked_text(value) if isinstance(value, str) else value
