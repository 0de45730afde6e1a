from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm
from integration.rules import LONGEST_CLIP
from integration.sharing import policies
from integration.sharing.models import LONGEST_NAME, SharingMode, SharingRule
from integration.sharing.services import Wish

EMPTY_ROWS = 3

SHORT = {"class": "usa-input--medium"}
CLOSED, OPEN = "closed", "open"


class SignForm(CheckedForm):
    """Name, position and consent of the signer. No box is ticked beforehand. document: the version that they read."""

    signer = forms.CharField(label=_("Your full name"), max_length=LONGEST_NAME)
    title = forms.CharField(
        label=_("Your position in the business"),
        max_length=LONGEST_NAME,
        help_text=_("For example: owner, manager"),
    )
    agreed = forms.BooleanField(
        label=_("I have read the agreement, and I may sign it for this business."),
        error_messages={"required": _("Please tick the box if you want to sign.")},
    )
    document = forms.UUIDField(widget=forms.HiddenInput)

    def written(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("document", "signer", "title")}


class ShareNowForm(forms.Form):
    hours = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        choices=[(1, _("1 hour")), (2, _("2 hours")), (4, _("4 hours")), (8, _("8 hours"))],
        widget=forms.Select(attrs=SHORT),
    )


class RuleForm(CheckedForm):
    """Sharing rule of a camera. names_glass: the signed agreement names broken glass, else its box begins unticked."""

    mode = forms.ChoiceField(
        label=_("When may this camera be seen?"), choices=SharingMode.choices, widget=forms.RadioSelect
    )
    answers_clips = forms.BooleanField(
        label=_("Give recorded clips for me"),
        required=False,
        help_text=format_lazy(
            _(
                "Your agreement covers clips that you give in advance: at most {minutes} minutes each, inside the time "
                "of a critical incident nearby, and only while a deputy could see the camera live. You read of each at "
                "once. Where you were asked for footage of the incident before, each clip waits for you."
            ),
            minutes=LONGEST_CLIP // timedelta(minutes=1),
        ),
    )

    allows_glass = forms.BooleanField(label=policies.GLASS, required=False, help_text=policies.GLASS_TERMS)

    def __init__(self, data: Any = None, *, rule: SharingRule | None, names_glass: bool = False) -> None:
        self.named = _days_of(rule)
        self.rows = range(1, len(self.named) + EMPTY_ROWS + 1)
        initial: dict[str, Any] = {"mode": rule.mode if rule else SharingMode.NEVER}
        initial["answers_clips"] = rule is not None and rule.answers_clips
        initial["allows_glass"] = rule is not None and rule.allows_glass and names_glass
        super().__init__(data, initial={**initial, **_hours_of(rule)})
        for day in range(policies.DAYS):
            self.fields[f"from{day}"] = _time(_("%(day)s, from") % {"day": WEEKDAYS[day]})
            self.fields[f"to{day}"] = _time(_("%(day)s, to") % {"day": WEEKDAYS[day]})
        for row, (day_named, what) in zip(self.rows, [*self.named, *[(None, CLOSED)] * EMPTY_ROWS], strict=True):
            self.fields[f"day{row}"] = _day(_("Day %(number)d") % {"number": row}, day_named)
            self.fields[f"what{row}"] = forms.ChoiceField(
                label=_("What applies on day %(number)d") % {"number": row},
                choices=[(CLOSED, _("Not shared at all")), (OPEN, _("Shared all day"))],
                initial=what,
                required=False,
                widget=forms.Select(attrs=SHORT),
            )

    def hours(self) -> Iterator[tuple[Any, Any]]:
        return ((self[f"from{day}"], self[f"to{day}"]) for day in range(policies.DAYS))

    def days(self) -> Iterator[tuple[Any, Any]]:
        return ((self[f"day{row}"], self[f"what{row}"]) for row in self.rows)

    @property
    def opens_schedule(self) -> bool:
        """True if the page shows the hours at once: the rule uses them, or one of them is wrong."""
        names = [f"{end}{day}" for end in ("from", "to") for day in range(policies.DAYS)]
        return self["mode"].value() == SharingMode.SCHEDULE or any(name in self.errors for name in names)

    @property
    def opens_days(self) -> bool:
        return any(name.startswith(("day", "what")) for name in self.errors)

    def clean(self) -> dict[str, Any]:
        """Require for each day two times that differ, or neither; and each exceptional day only once."""
        typed = super().clean()
        if typed.get("mode") == SharingMode.SCHEDULE:
            for day in range(policies.DAYS):
                self._check_day(typed, day)
            try:
                policies.check_days(*self._named_days(typed))
            except ValidationError as wrong:
                self.add_refusal(wrong)
        return typed

    def written(self) -> dict[str, Any]:
        return {"wish": self._wish(self.cleaned_data)}

    def _wish(self, typed: dict[str, Any]) -> Wish:
        further = {name: typed[name] for name in ("answers_clips", "allows_glass")}
        if typed["mode"] != SharingMode.SCHEDULE:
            return Wish(typed["mode"], **further)
        stretches = {
            day: (_minute(typed[f"from{day}"]), _minute(typed[f"to{day}"]))
            for day in range(policies.DAYS)
            if typed.get(f"from{day}") is not None
        }
        week = policies.week_of(stretches)
        return Wish(typed["mode"], week, *self._named_days(typed), **further)

    def _named_days(self, typed: dict[str, Any]) -> tuple[list[date], list[date]]:
        named: dict[str, list[date]] = {CLOSED: [], OPEN: []}
        for row in self.rows:
            if typed.get(f"day{row}"):
                named[typed.get(f"what{row}") or CLOSED].append(typed[f"day{row}"])
        return named[CLOSED], named[OPEN]

    def add_refusal(self, error: ValidationError) -> None:
        """Show an error of the service beside its field; an error of the week beside Monday's first time."""
        places = {"week": "from0", "days": "day1", "allows_glass": "allows_glass"}
        for name, messages in error.message_dict.items():
            self.add_error(places.get(name, "mode"), ValidationError(messages))

    def _check_day(self, typed: dict[str, Any], day: int) -> None:
        begin, end = typed.get(f"from{day}"), typed.get(f"to{day}")
        if (begin is None) != (end is None) and not self.errors.keys() & {f"from{day}", f"to{day}"}:
            self.add_error(f"to{day}" if end is None else f"from{day}", _("Fill in both times, or none."))
        if begin == end and begin not in (None, time(0)):
            self.add_error(f"to{day}", _("Choose another time. All day is from 12:00 a.m. to 12:00 a.m."))


def _time(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time", **SHORT}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget, input_formats=["%H:%M", "%H:%M:%S"])


def _day(label: Any, initial: date | None) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", **SHORT}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, initial=initial, widget=widget, input_formats=["%Y-%m-%d"])


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _hours_of(rule: SharingRule | None) -> dict[str, time]:
    if rule is None:
        return {}
    known: dict[str, time] = {}
    for day, (begin, end) in policies.typed_week(rule.week).items():
        known |= {f"from{day}": time(begin // 60, begin % 60), f"to{day}": time(end // 60, end % 60)}
    return known


def _days_of(rule: SharingRule | None) -> list[tuple[date | None, str]]:
    if rule is None:
        return []
    closed = [(date.fromisoformat(day), CLOSED) for day in rule.closed_days]
    opened = [(date.fromisoformat(day), OPEN) for day in rule.open_days]
    return [*sorted([*closed, *opened])]
