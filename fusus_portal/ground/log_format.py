import logging
import re

EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]]+@[\w-]+(?:\.[\w-]+)+")
TOKEN = re.compile(
    r"(/(?:requests|receipts|uploads|notices|invited|claim|account/invitation|account/password/reset/key|demo/signin)/)"
    r"[^\s/'\"]+"
)
KEY = re.compile(r"\b(?:[sr]k_(?:test|live)_|whsec_)\w+")


class WithoutPersonalData(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return the log's line with <email>, <token> and <key> in place of such values."""
        line = KEY.sub("<key>", super().format(record))
        return TOKEN.sub(r"\1<token>", EMAIL.sub("<email>", line))
