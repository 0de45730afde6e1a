from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FlagKind(TextChoices):
    NO_CALL = "no_call", _("Search or view without a call nearby")
    ODD_HOURS = "odd_hours", _("At hours that are unusual for this person")
    SAME_OWNER = "same_owner", _("The same owner or address again and again")
    LONG_VIEWS = "long_views", _("Long live views")
    NEAR_HOME = "near_home", _("Near this person's own home")
    SAME_REASON = "same_reason", _("Reasons that are alike")
    EXTENSIONS = "extensions", _("One extension after another")
    REFUSED = "refused", _("Refused again and again")
    GLASS = "glass", _("Broken glass")
    UNVERIFIED = "unverified", _("Closed without having been verified")
    WATCH_HOURS = "watch_hours", _("Watched much more than is usual")
    TWO_PLACES = "two_places", _("One sign-in at two places")
    SHARED_ACCOUNT = "shared_account", _("An account that several people seem to share")


@dataclass(frozen=True, slots=True)
class Flag:
    """An observation in a week of the log that somebody independent should look at.

    person: pseudonym, "" for nobody; entries: ids of the entries that show it, oldest first; facts: numbers and short
    words for the sentence; weight: how far beyond the usual, larger is first.
    """

    kind: FlagKind
    person: str
    entries: tuple[int, ...]
    facts: Mapping[str, int | str] = field(default_factory=dict)
    weight: float = 1.0
