"""How pages write a time of day, in both languages: a full hour without minutes, noon and midnight by name."""

from typing import Final

TIME_OF_DAY: Final = r"(?:\d+(?::\d\d)?\s[ap]\.?\s?m\.?|noon|midnight|mediod[ií]a|medianoche)"
"""A pattern to search for, as "8 a.m." or "8:05 a.m."."""
