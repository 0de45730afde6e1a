"""What a list says of a thing beside its state."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that counts for a while. label, url: of what it makes possible for this person, or ""."""

    text: str
    label: str = ""
    url: str = ""
