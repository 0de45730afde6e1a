"""Log lines without personal data: no e-mail address, no token of a link."""

import logging
import re

EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]]+@[\w-]+(?:\.[\w-]+)+")
TOKEN = re.compile(r"(/(?:requests|receipts|uploads|notices|invited|claim|account/invitation|demo/signin)/)[^\s/'\"]+")


class WithoutPersonalData(logging.Formatter):
    """Formats a record, traceback included, and blanks what names a person."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; addresses become <email>, tokens become <token>."""
        return TOKEN.sub(r"\1<token>", EMAIL.sub("<email>", super().format(record)))
