"""A document as blocks: plain text in, nothing but headings and paragraphs out. Templates escape each of them."""

from dataclasses import dataclass

HEADING = "# "


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph."""

    text: str
    is_heading: bool


def blocks_of(text: str) -> list[Block]:
    """Return a text's parts. A line that begins with "# " is a heading; empty lines separate paragraphs."""
    blocks: list[Block] = []
    paragraph: list[str] = []
    for line in [*map(str.strip, text.splitlines()), ""]:
        is_heading = line.startswith(HEADING)
        if line and not is_heading:
            paragraph.append(line)
            continue
        if paragraph:
            blocks.append(Block(" ".join(paragraph), is_heading=False))
            paragraph = []
        if is_heading:
            blocks.append(Block(line.removeprefix(HEADING).strip(), is_heading=True))
    return blocks
