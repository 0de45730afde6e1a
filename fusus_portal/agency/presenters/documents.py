"""A document as blocks: plain text in, nothing but headings and paragraphs out. Templates escape each of them."""

import re
from dataclasses import dataclass

HEADING = "# "


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph."""

    text: str
    is_heading: bool


def blocks_of(text: str) -> list[Block]:
    """Return a text's parts, which empty lines separate. A part that begins with "# " is a heading."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return [
        Block(" ".join(part.removeprefix(HEADING).split()), is_heading=part.startswith(HEADING))
        for part in parts
        if part
    ]
