"""Cameras, and the picture of what one sees. Any kind is welcome, so everything but the name may stay empty."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, ClassVar, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.pages.fields import Suggested, Suggestion
from registry.places.compass import WINDS, degrees_of, word_of
from registry.places.forms.places import NoWayIn
from registry.places.models import Camera, Premises
from registry.places.policies import check_camera_name
from registry.places.services.cameras import CameraDetails
from registry.rules import FULL_CIRCLE, LONGEST_DAYS_KEPT, LONGEST_REACH_M

MOST_AT_ONCE = 20
PREFIX = "camera"
CameraForms: TypeAlias = "forms.BaseFormSet[CameraForm]"


class PictureForm(CheckedForm):
    """One file. Whether it is a picture is found out by decoding it, not by its name."""

    called: ClassVar = {"picture": "upload"}

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. Place, time and device that the file tells are taken out."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": _("Choose a picture."), "empty": _("This file is empty. Choose a picture.")},
    )


def winds() -> list[Suggestion]:
    """Return the eight winds with their degrees."""
    return [(str(word), str(degrees)) for degrees, word in WINDS.items()]


class Bearing(forms.CharField):
    """A direction as a word ("northeast", "NE") or in degrees from north, clockwise. Its value is degrees, or None."""

    widget = Suggested(winds, attrs={"class": "usa-input--medium", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        """Show one of the eight winds as its word, anything between as degrees."""
        return word_of(value) if isinstance(value, int) and value in WINDS else value

    def to_python(self, value: Any) -> Any:
        """Return degrees, or None for nothing."""
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        degrees = degrees_of(text)
        if degrees is None:
            raise ValidationError(_("Write a direction such as northeast, or degrees from 0 to 359."))
        return degrees


def kinds() -> list[Suggestion]:
    """Return the kinds that people often have. Any other word is as good (promise R10)."""
    words = (_("Doorbell"), _("Fixed"), _("PTZ (turns and zooms)"), _("Dash camera"), _("Trail camera"))
    return [(str(word), "") for word in words]


def _number(most: int) -> forms.NumberInput:
    return forms.NumberInput(attrs={"inputmode": "numeric", "class": "usa-input--small", "max": most})


class CameraForm(NoWayIn):
    """One camera, as its owner knows it. There is no field for an address of its video, nor for a password."""

    name = forms.CharField(
        label=_("What do you call it?"), help_text=_("For example: front door, driveway"), max_length=80
    )
    covers = forms.CharField(
        label=_("What does it look at?"),
        help_text=_("For example: the street to the north"),
        max_length=200,
        required=False,
    )
    kind = forms.CharField(
        label=_("Kind"),
        help_text=_("For example: doorbell, fixed, dash. Any kind is welcome."),
        max_length=80,
        required=False,
        widget=Suggested(kinds),
    )
    make = forms.CharField(label=_("Maker"), max_length=80, required=False)
    model = forms.CharField(label=_("Model"), max_length=80, required=False)
    facing = Bearing(
        label=_("Which way does it face?"),
        help_text=_("A direction such as northeast, or degrees: 0 is north, 90 is east."),
        required=False,
    )
    angle = forms.IntegerField(
        label=_("How wide does it see, in degrees?"),
        help_text=_("Most cameras: 90 to 130. All around: 360."),
        min_value=1,
        max_value=FULL_CIRCLE,
        required=False,
        widget=_number(FULL_CIRCLE),
    )
    reach_m = forms.IntegerField(
        label=_("How far does it see, in meters?"),
        help_text=_("10 meters are about 33 feet."),
        min_value=1,
        max_value=LONGEST_REACH_M,
        required=False,
        widget=_number(LONGEST_REACH_M),
    )
    days_kept = forms.IntegerField(
        label=_("How many days does it keep footage?"),
        help_text=_("Then a deputy knows until when asking makes sense."),
        min_value=1,
        max_value=LONGEST_DAYS_KEPT,
        required=False,
        widget=_number(LONGEST_DAYS_KEPT),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a width or reach that leads nowhere."""
        cleaned = super().clean()
        if (
            cleaned.get("facing") is None
            and "facing" not in self.errors
            and (self._has("angle") or self._has("reach_m"))
        ):
            self.add_error("facing", _("Say where the camera faces, or leave width and reach empty."))
        return cleaned

    def _has(self, field: str) -> bool:
        return self.cleaned_data.get(field) is not None

    @property
    def opens_details(self) -> bool:
        """Whether something in the folded part needs a look."""
        return any(
            field in self.errors for field in ("kind", "make", "model", "facing", "angle", "reach_m", "days_kept")
        )


class OwnCameraForm(CameraForm):
    """One camera of a registered place. own: the one that is changed, None for a new one."""

    def __init__(self, *args: Any, at: Premises, own: Camera | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.own = at, own

    def written(self) -> dict[str, Any]:
        """Return the camera as its owner describes it."""
        return {"details": CameraDetails(**self.cleaned_data)}

    def rules(self) -> Iterable[Rule]:
        """Return that there is room, and no other camera of this name."""
        return ((("name",), partial(check_camera_name, at=self.at, own=self.own)),)


class _CameraRows(forms.BaseFormSet[CameraForm]):
    """Rows that say what is missing in words of this page, not of forms."""

    default_error_messages: ClassVar = {
        **forms.BaseFormSet.default_error_messages,
        "too_few_forms": _("Add at least one camera."),
    }

    def clean(self) -> None:
        """Refuse a name that stands in two rows."""
        names: set[str] = set()
        for form in self.forms:
            name = " ".join(form.cleaned_data.get("name", "").split()).casefold()
            if name and name in names:
                form.add_error("name", _("Two cameras here have this name. Call one of them something else."))
            names.add(name)


CameraFormSet: type[CameraForms] = forms.formset_factory(
    CameraForm,
    formset=_CameraRows,
    extra=0,
    min_num=1,
    max_num=MOST_AT_ONCE,
    validate_min=True,
    validate_max=True,
    absolute_max=MOST_AT_ONCE,
)


def rows_after(posted: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the typed rows after the button that was pressed: `another` adds one, `remove` takes row n out."""
    count, removed = _number_in(posted, f"{PREFIX}-TOTAL_FORMS"), _number_in(posted, "remove")
    rows = [_row(posted, index) for index in range(min(count or 0, MOST_AT_ONCE))]
    if removed is not None and removed < len(rows) > 1:
        del rows[removed]
    if "another" in posted and len(rows) < MOST_AT_ONCE:
        rows.append({})
    return rows


def _number_in(posted: Mapping[str, str], name: str) -> int | None:
    """Return a number that our own page wrote, None for anything else; Python reads no thousands of digits."""
    text = posted.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= len(str(MOST_AT_ONCE)) else None


def _row(posted: Mapping[str, str], index: int) -> dict[str, str]:
    return {name: posted.get(f"{PREFIX}-{index}-{name}", "") for name in CameraForm.base_fields}
