from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import takewhile
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm
from integration.rules import LONGEST_CLIP
from integration.sharing import hours, policies
from integration.sharing.models import LONGEST_NAME, SharingMode, SharingRule
from integration.sharing.services import Wish

EMPTY_ROWS = 3

WEEKS: Final = {SharingMode.OUTSIDE.value: "opening", SharingMode.SCHEDULE.value: "own"}
"""Modes with a list of hours, and how its fields are called. One line of it is `PARTS`, each with its number."""

PARTS = ("days", "from", "to")

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
    """Sharing rule of a camera, with a list of hours for each mode of `WEEKS`; those of other modes are ignored.

    opening: the opening hours of its place. names_glass: the signed agreement names broken glass, else its box begins
    unticked.
    """

    elsewhere = "mode"
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

    def __init__(
        self, data: Any = None, *, rule: SharingRule | None, opening: hours.Week = (), names_glass: bool = False
    ) -> None:
        self.named = _days_of(rule)
        self.rows = range(1, len(self.named) + EMPTY_ROWS + 1)
        initial: dict[str, Any] = {"mode": rule.mode if rule else SharingMode.NEVER}
        initial["answers_clips"] = rule is not None and rule.answers_clips
        initial["allows_glass"] = rule is not None and rule.allows_glass and names_glass
        super().__init__(data, initial=initial)
        own = rule.week if rule and rule.mode == SharingMode.SCHEDULE else ()
        self.weeks: dict[str, hours.Week] = {SharingMode.OUTSIDE: opening, SharingMode.SCHEDULE: own}
        self.lines = {WEEKS[mode]: self._add_lines(WEEKS[mode], week) for mode, week in self.weeks.items()}
        for row, (day_named, what) in zip(self.rows, [*self.named, *[(None, CLOSED)] * EMPTY_ROWS], strict=True):
            self.fields[f"day{row}"] = _day(_("Day %(number)d") % {"number": row}, day_named)
            self.fields[f"what{row}"] = forms.ChoiceField(
                label=_("What applies on day %(number)d") % {"number": row},
                choices=[(CLOSED, _("Not shared at all")), (OPEN, _("Shared all day"))],
                initial=what,
                required=False,
                widget=forms.Select(attrs=SHORT),
            )

    def _add_lines(self, name: str, week: hours.Week) -> range:
        """Add the fields of a list of hours: its lines, and empty ones; as many as were sent."""
        kept = hours.rows_of(week)
        sent = takewhile(lambda line: f"{name}{line}_from" in self.data, range(hours.MOST_STRETCHES + EMPTY_ROWS))
        lines = range(max(len(kept) + EMPTY_ROWS, len(list(sent))))
        for line in lines:
            days, *edges = kept[line] if line < len(kept) else ("", None, None)
            begin, end = (None if edge is None else time(*divmod(edge, 60)) for edge in edges)
            self.fields[f"{name}{line}_days"] = forms.ChoiceField(
                label=_("Days (%(number)d)") % {"number": line + 1},
                choices=[("", _("No days")), *((span, capfirst(str(words))) for span, words in hours.SPANS.items())],
                initial=days,
                required=False,
            )
            self.fields[f"{name}{line}_from"] = _time(_("From (%(number)d)") % {"number": line + 1}, begin)
            self.fields[f"{name}{line}_to"] = _time(_("To (%(number)d)") % {"number": line + 1}, end)
        return lines

    def choices(self) -> Iterator[tuple[Any, str, hours.Week | None]]:
        """Return each mode with its name and the week of its picture; None for "ask", which follows no hours."""
        opening, own = self.weeks[SharingMode.OUTSIDE], self.weeks[SharingMode.SCHEDULE]
        weeks: dict[str, hours.Week] = {
            SharingMode.INCIDENT: hours.WHOLE,
            SharingMode.OUTSIDE: hours.outside(opening) if opening else (),
            SharingMode.SCHEDULE: own,
            SharingMode.NEVER: (),
        }
        return ((option, mode, weeks.get(mode)) for option, mode in zip(self["mode"], SharingMode.values, strict=True))

    def list_of(self, mode: str) -> list[list[Any]]:
        name = WEEKS[mode]
        return [[self[f"{name}{line}_{part}"] for part in PARTS] for line in self.lines[name]]

    @property
    def needed_where_shown(self) -> list[str]:
        return [f"{name}{line}_{part}" for name, lines in self.lines.items() for line in lines for part in PARTS]

    def days(self) -> Iterator[tuple[Any, Any]]:
        return ((self[f"day{row}"], self[f"what{row}"]) for row in self.rows)

    @property
    def opens_days(self) -> bool:
        return any(name.startswith(("day", "what")) for name in self.errors)

    @property
    def joins(self) -> bool:
        """True if hours that were sent overlap: they are joined."""
        return hours.overlap(self.cleaned_data.get("week", ()))

    def clean(self) -> dict[str, Any]:
        """Require days and two times in each line, or nothing; and each exceptional day only once."""
        typed = super().clean()
        mode = typed.get("mode", "")
        self._ignore_hidden(mode)
        if mode in WEEKS:
            typed["week"] = hours.week_of(self._typed_rows(typed, WEEKS[mode]))
            self.ask(policies.check_days, *self._named_days(typed))
        return typed

    def _ignore_hidden(self, mode: str) -> None:
        shown = WEEKS.get(mode, "")
        for name in [name for name in self.errors if name.endswith(PARTS) and not (shown and name.startswith(shown))]:
            del self.errors[name]

    def _typed_rows(self, typed: dict[str, Any], name: str) -> Iterator[hours.Row]:
        for line in self.lines[name]:
            names = [f"{name}{line}_{part}" for part in PARTS]
            missing = [each for each in names if typed.get(each) in (None, "")]
            if len(missing) == len(names) or self.errors.keys() & set(names):
                continue
            if missing:
                self.add_error(missing[0], _("Fill in the days and both times, or none of them."))
                continue
            days, begin, end = (typed[each] for each in names)
            if begin == end != time(0):
                self.add_error(names[2], _("Choose another time. All day is from 12:00 a.m. to 12:00 a.m."))
            else:
                yield days, _minute(begin), _minute(end)

    def written(self) -> dict[str, Any]:
        typed = self.cleaned_data
        further = {name: typed[name] for name in ("answers_clips", "allows_glass")}
        if typed["mode"] not in WEEKS:
            return {"wish": Wish(typed["mode"], **further)}
        return {"wish": Wish(typed["mode"], typed["week"], *self._named_days(typed), **further)}

    def _named_days(self, typed: dict[str, Any]) -> tuple[list[date], list[date]]:
        named: dict[str, list[date]] = {CLOSED: [], OPEN: []}
        for row in self.rows:
            if typed.get(f"day{row}"):
                named[typed.get(f"what{row}") or CLOSED].append(typed[f"day{row}"])
        return named[CLOSED], named[OPEN]

    def add_refusal(self, error: ValidationError) -> None:
        """Show an error of the service beside its field; an error of the week beside the days of its first line."""
        name = WEEKS.get(self.cleaned_data.get("mode", ""))
        places = {"week": f"{name}0_days", "days": "day1"}
        super().add_refusal(ValidationError({places.get(key, key): told for key, told in error.message_dict.items()}))


def _time(label: Any, initial: time | None) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    formats = ["%H:%M", "%H:%M:%S"]
    return forms.TimeField(label=label, required=False, initial=initial, widget=widget, input_formats=formats)


def _day(label: Any, initial: date | None) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", **SHORT}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, initial=initial, widget=widget, input_formats=["%Y-%m-%d"])


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _days_of(rule: SharingRule | None) -> list[tuple[date | None, str]]:
    if rule is None:
        return []
    closed = [(date.fromisoformat(day), CLOSED) for day in rule.closed_days]
    opened = [(date.fromisoformat(day), OPEN) for day in rule.open_days]
    return [*sorted([*closed, *opened])]
