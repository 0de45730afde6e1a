"""Keeps secrets out of the ledger, from which nobody can remove them later."""

import re
from collections.abc import Mapping

MASK = "[masked]"
_SECRET_NAME = re.compile(r"pass(word|phrase)?|secret|token|api_?key|cookie|authorization|credential", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"[A-Za-z0-9_-]{43,}|bearer\s+\S+|sessionid=\S+|(?:sk|rk|whsec)_\w{8,}", re.IGNORECASE)
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")

Facts = dict[str, int | str]


def masked_text(text: str) -> str:
    return _SECRET_VALUE.sub(MASK, text)


def masked_facts(facts: Mapping[str, int | str]) -> Facts:
    """Mask secrets. Raises ValueError for non-ASCII keys, TypeError for values other than int or str (RFC 8785)."""
    return {key: _masked_value(key, value) for key, value in facts.items()}


def _masked_value(key: str, value: int | str) -> int | str:
    if not key.isascii():
        raise ValueError(f"fact {key!r}: keys are ASCII")
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"fact {key!r}: integers and strings only, not {type(value).__name__}")
    if _SECRET_NAME.search(key):
        return MASK
    if key == "sha256" and _FINGERPRINT.fullmatch(str(value)):
        return value  # a file's hash looks like a key, but is none
    return masked_text(value) if isinstance(value, str) else value
