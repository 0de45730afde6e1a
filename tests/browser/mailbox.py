"""The mail that really went out, as its receiver reads it."""

import re
import time
from pathlib import Path

from fusus_portal.demo.mailbox import Letter, read

SECONDS = 20.0


class Mailbox:
    """The letters that the portal sends from now on. folder: where it lays them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before = set(folder.glob("*.eml"))

    def letters_to(self, address: str) -> list[Letter]:
        """Return the letters to an address, oldest first."""
        letters = [read(file) for file in sorted({*self.folder.glob("*.eml")} - self._before)]
        return [letter for letter in letters if letter.to == address]

    def wait_for(self, address: str, pattern: str) -> str:
        """Wait for a letter to an address whose text matches; return the match, or its first group."""
        deadline = time.monotonic() + SECONDS
        while True:
            texts = [letter.text for letter in self.letters_to(address)]
            for text in reversed(texts):
                if found := re.search(pattern, text, re.MULTILINE):
                    return found[found.re.groups and 1]
            assert time.monotonic() < deadline, f"no letter to {address} with {pattern!r} among {texts}"
            time.sleep(0.1)

    def code_for(self, address: str) -> str:
        """Return the code that proves an address: it stands alone in a line."""
        return self.wait_for(address, r"^([A-Z0-9][A-Z0-9-]{4,10})$")

    def request_link_for(self, address: str) -> str:
        """Return the link to a footage request."""
        return self.wait_for(address, r"https?://\S+/requests/\S+/")
