from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    text: str
    label: str = ""
    url: str = ""
