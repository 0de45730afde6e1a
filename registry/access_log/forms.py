from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import make_aware
from django.utils.translation import gettext, gettext_lazy as _

from audit.hooks import is_id
from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.lifecycle import NotYours
from fusus_portal.ground.pages.fields import FewLines
from registry.access_log import policies
from registry.access_log.models import LookDelay, Rhythm
from registry.access_log.selectors import Channel, LookKind, LookQuery
from registry.incidents.models import Incident
from registry.places.models import Camera
from registry.registrants.models import Registrant
from registry.rules import LONGEST_LOOK_DELAY

LAST_DAY = date.max - timedelta(days=1)
"""The latest day that a list may end with: the query needs the day after it, which must still be a date."""


class Day(forms.DateField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date", "class": "usa-input--medium"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], required=False, **options)


class LooksForm(forms.Form):
    where = forms.ChoiceField(label=_("Camera or place"), required=False)
    kind = forms.ChoiceField(
        label=_("What was done"), choices=[("", _("Everything")), *LookKind.choices], required=False
    )
    since = Day(label=_("From"))
    until = Day(label=_("Up to and including"))

    def __init__(self, *args: Any, cameras: list[Camera], registrant: Registrant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cameras, self.registrant = cameras, registrant
        there = [camera for camera in cameras if camera.premises.removed_at is None]
        places = {camera.premises_id: str(camera.premises.address) for camera in there}
        self.fields["where"].choices = [  # type: ignore[attr-defined]
            ("", _("All cameras, and your name")),
            *((str(pk), _("All cameras at %(place)s") % {"place": place}) for pk, place in places.items()),
            *((str(camera.pk), camera.name) for camera in cameras),
        ]

    def clean_where(self) -> list[Camera]:
        chosen = self.cleaned_data["where"]
        return [camera for camera in self.cameras if chosen in ("", str(camera.pk), str(camera.premises_id))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", ValidationError(_("The end must come after the start.")))
        return data

    def wanted(self) -> LookQuery:
        """Return the query of the looks that an owner chose. Raises NotYours for a camera or place of somebody else."""
        if "where" in self.errors:
            raise NotYours(gettext("There is no such camera or place."))
        if not self.is_valid():
            return LookQuery(self.cameras, self.registrant)
        data = self.cleaned_data
        since = make_aware(datetime.combine(data["since"], time.min)) if data["since"] else None
        last = min(data["until"], LAST_DAY) + timedelta(days=1) if data["until"] else None
        until = make_aware(datetime.combine(last, time.min)) if last else None
        of_all = None if self.data.get("where") else self.registrant
        return LookQuery(data["where"], of_all, data["kind"], since, until)


class DelayForm(CheckedForm):
    days = forms.IntegerField(
        label=_("For how many days"),
        help_text=_("At most %(limit)d. It ends automatically, and sooner when the owner is asked for footage.")
        % {"limit": LONGEST_LOOK_DELAY.days},
        widget=forms.NumberInput(
            attrs={"min": 1, "max": LONGEST_LOOK_DELAY.days, "class": "usa-input--small", "inputmode": "numeric"}
        ),
    )
    reason = FewLines(
        label=_("Reason"),
        help_text=_("The owner reads this reason, with your badge pseudonym, when the delay is over."),
    )

    def __init__(self, *args: Any, incident: Incident, first: LookDelay | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.incident, self.first = incident, first

    def rules(self) -> Iterable[Rule]:
        return (
            (("days",), policies.check_days),
            (("reason",), partial(policies.check_why, incident=self.incident, first=self.first)),
        )


class NoticesForm(forms.Form):
    searches = forms.ChoiceField(
        label=Channel.SEARCHES.label,
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
        help_text=_("In a city that can be many: once a week is what most people need."),
    )
    footage = forms.ChoiceField(
        label=Channel.FOOTAGE.label,
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
        help_text=_("This happens rarely, and only with what you gave."),
    )
    monthly = forms.BooleanField(
        label=_("Send me a summary of each month"),
        required=False,
        help_text=_("How many searches found your cameras, how often you were asked, and how often somebody looked."),
    )


def position(text: str) -> tuple[str, int] | None:
    """Parse "<camera>.<number>", the entry after which a page of looks continues; return None for anything else."""
    camera, _dot, number = text.partition(".")
    is_number = number.isascii() and number.isdecimal() and len(number) <= 18
    return (str(UUID(camera)), int(number)) if is_number and is_id(camera) else None
