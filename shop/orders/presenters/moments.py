"""One line of a timeline, whatever it is of."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened. by: who did it, by pseudonym; "" where that is not said."""

    at: datetime
    text: str
    by: str = ""
