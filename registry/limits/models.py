"""Numbers that an agency may set, each within fixed bounds.

All other limits are fixed: owners shown around an unverified incident, how far an area may be, banned purposes.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now, gettext_lazy as _
from simple_history.models import HistoricalRecords

from fusus_portal.ground.agency.models import Bounds, OneRow, within
from fusus_portal.ground.geo.points import radius_for
from registry import rules

GIGABYTE = 10**9
MOST_PHRASES = 200
LONGEST_PHRASE = 60


BOUNDS: Final[dict[str, Bounds]] = {
    "shortest_window_minutes": Bounds(rules.SHORTEST_WINDOW // timedelta(minutes=1), 5, 60, _("minutes")),
    "longest_window_hours": Bounds(rules.LONGEST_WINDOW // timedelta(hours=1), 1, 24, _("hours")),
    "smallest_area": Bounds(
        Decimal(str(rules.SMALLEST_AREA_SQUARE_MILES)), Decimal("0.01"), Decimal("0.1"), _("square miles")
    ),
    "largest_area": Bounds(
        Decimal(str(rules.LARGEST_AREA_SQUARE_MILES)), Decimal("0.1"), Decimal(1), _("square miles")
    ),
    "unverified_incidents_open": Bounds(
        rules.UNVERIFIED_INCIDENTS_OPEN, 1, rules.UNVERIFIED_INCIDENTS_OPEN, _("incidents")
    ),
    "unverified_incidents_a_day": Bounds(rules.UNVERIFIED_INCIDENTS_A_DAY, 1, 5, _("incidents")),
    "unverified_owners_a_week": Bounds(rules.UNVERIFIED_OWNERS_A_WEEK, 25, 100, _("owners")),
    "reminders": Bounds(rules.REMINDERS, 0, rules.REMINDERS, _("messages")),
    "first_reminder_days": Bounds(rules.REMIND_AFTER[0].days, 1, 14, _("days")),
    "second_reminder_days": Bounds(rules.REMIND_AFTER[1].days, 2, 28, _("days")),
    "link_life_days": Bounds(rules.LINK_LIFE.days, 3, 30, _("days")),
    "files_per_reply": Bounds(rules.FILES_PER_REPLY, 1, 100, _("files")),
    "gigabytes_per_file": Bounds(rules.BYTES_PER_FILE // GIGABYTE, 1, rules.BYTES_PER_FILE // GIGABYTE, _("GB")),
    "gigabytes_per_reply": Bounds(rules.BYTES_PER_REPLY // GIGABYTE, 1, 500, _("GB")),
}


class Limits(OneRow):
    """The limits in force. Read once for each act: `Limits.current()`.

    leaves_out_unconfirmed: a canvass finds only confirmed places. shows_reasons: owners read typed reasons, and views
    that their own rules refused. reasons_from: of acts after this moment; by then every page that was open when this
    was turned on has ended with its sign-in. empty_phrases: the agency's own phrases without meaning; the portal's
    always count as well.
    """

    shortest_window_minutes = BOUNDS["shortest_window_minutes"].whole(
        _("shortest time span"), _("A canvass asks for no less: cameras' clocks differ.")
    )
    longest_window_hours = BOUNDS["longest_window_hours"].whole(
        _("longest time span"), _("A canvass asks for no more of anybody's day.")
    )
    smallest_area = models.DecimalField(
        _("smallest search area"),
        max_digits=5,
        decimal_places=3,
        help_text=_("A smaller circle would single out one home."),
        **BOUNDS["smallest_area"].options,
    )
    largest_area = models.DecimalField(
        _("largest search area"),
        max_digits=5,
        decimal_places=3,
        help_text=_("The most that a deputy searches without a supervisor."),
        **BOUNDS["largest_area"].options,
    )
    unverified_incidents_open = BOUNDS["unverified_incidents_open"].whole(
        _("open incidents that nobody has verified"),
        _("One person has so many at a time. The next one waits until a supervisor has verified one."),
    )
    unverified_incidents_a_day = BOUNDS["unverified_incidents_a_day"].whole(
        _("unverified incidents one person may search per day"),
        _("Beyond this a supervisor verifies one of them, or approves the canvass."),
    )
    unverified_owners_a_week = BOUNDS["unverified_owners_a_week"].whole(
        _("owners one person may be shown around them per week"),
        _("Beyond this a supervisor verifies the incident, or approves the canvass."),
    )
    reminders = BOUNDS["reminders"].whole(
        _("reminders"), _("How often an owner who has not answered is reminded of a request.")
    )
    first_reminder_days = BOUNDS["first_reminder_days"].whole(_("first reminder after"), _("Counted from the request."))
    second_reminder_days = BOUNDS["second_reminder_days"].whole(
        _("second reminder after"),
        _("Counted from the request. It must come after the first one, and before the link ends."),
    )
    link_life_days = BOUNDS["link_life_days"].whole(
        _("time to answer"), _("How long an owner can answer a request. Requests already sent keep their day.")
    )
    files_per_reply = BOUNDS["files_per_reply"].whole(
        _("files in a reply"), _("How many files an owner can give to one request.")
    )
    gigabytes_per_file = BOUNDS["gigabytes_per_file"].whole(_("size of a file"), _("The largest file that is taken."))
    gigabytes_per_reply = BOUNDS["gigabytes_per_reply"].whole(
        _("size of a reply"), _("All files of one request together.")
    )
    empty_phrases = ArrayField(
        models.CharField(max_length=LONGEST_PHRASE),
        size=MOST_PHRASES,
        default=list,
        blank=True,
        verbose_name=_("phrases that are not a reason"),
        help_text=_(
            "One a line. A reason made of these alone is refused. The portal's own list always counts as well."
        ),
    )

    leaves_out_unconfirmed = models.BooleanField(
        _("leave out places that are not yet confirmed"),
        default=False,
        help_text=_(
            "A canvass finds only places that were confirmed by a letter, a deputy at the door, a card payment, a CORE "
            "or the office's former registry. Without this it finds the others too, and says so."
        ),
    )

    shows_reasons = models.BooleanField(
        _("show owners the typed reasons"),
        default=False,
        help_text=_(
            "Owners read why somebody searched, asked or looked, and live views that their own pause or rule refused: "
            "of acts from half a day after you turn this on, a quarter of an hour after each. Deputies are told beside "
            "each field. A supervisor's delay covers these too. Turning it off hides the reasons again."
        ),
    )
    reasons_from = models.DateTimeField(_("owners read reasons typed from"), null=True, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta(OneRow.Meta):
        verbose_name = "limits"
        verbose_name_plural = "limits"
        constraints: ClassVar = [
            *OneRow.Meta.constraints,
            *within(BOUNDS, table="limits"),
            models.CheckConstraint(
                name="limits_reminders_in_order",
                condition=Q(second_reminder_days__gt=F("first_reminder_days"))
                & Q(link_life_days__gt=F("second_reminder_days")),
            ),
            models.CheckConstraint(
                name="limits_reasons_pair",
                condition=Q(shows_reasons=True, reasons_from__isnull=False)
                | Q(shows_reasons=False, reasons_from__isnull=True),
            ),
            models.CheckConstraint(
                name="limits_reply_holds_a_file", condition=Q(gigabytes_per_reply__gte=F("gigabytes_per_file"))
            ),
        ]

    def clean(self) -> None:
        super().clean()
        wrong: dict[str, str] = {}
        if self.second_reminder_days <= self.first_reminder_days:
            wrong["second_reminder_days"] = _now("It must come after the first reminder.")
        if self.link_life_days <= self.second_reminder_days:
            wrong["link_life_days"] = _now("A link must outlive the second reminder.")
        if self.gigabytes_per_reply < self.gigabytes_per_file:
            wrong["gigabytes_per_reply"] = _now("A reply must have room for one file of the largest size.")
        if wrong:
            raise ValidationError(wrong)

    def owners_read(self, at: datetime) -> bool:
        """True if owners read the reason of an act at this moment: a sentence beside the field told its author."""
        return self.reasons_from is not None and at >= self.reasons_from

    @property
    def shortest_window(self) -> timedelta:
        return timedelta(minutes=self.shortest_window_minutes)

    @property
    def longest_window(self) -> timedelta:
        return timedelta(hours=self.longest_window_hours)

    @property
    def smallest_radius_m(self) -> float:
        return radius_for(float(self.smallest_area))

    @property
    def largest_radius_m(self) -> float:
        return radius_for(float(self.largest_area))

    @property
    def reminder_waits(self) -> tuple[timedelta, ...]:
        """Return how long each reminder waits after the message before it."""
        days = (self.first_reminder_days, self.second_reminder_days - self.first_reminder_days)[: self.reminders]
        return tuple(timedelta(days=number) for number in days)

    @property
    def link_life(self) -> timedelta:
        return timedelta(days=self.link_life_days)

    @property
    def files_begun_per_reply(self) -> int:
        """Files that may be begun for one request, refused and removed ones included."""
        return 3 * self.files_per_reply

    @property
    def bytes_per_file(self) -> int:
        return self.gigabytes_per_file * GIGABYTE

    @property
    def bytes_per_reply(self) -> int:
        return self.gigabytes_per_reply * GIGABYTE

    @property
    def empty_reasons(self) -> frozenset[str]:
        return rules.EMPTY_REASONS | {phrase.casefold() for phrase in self.empty_phrases}
