"""Forms of cameras. No field takes the way to watch a camera (promise R2)."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import partial
from typing import Any, ClassVar, TypeAlias

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from registry.places import policies
from registry.places.camera_fields import AS_ASKED, NAMES, Part
from registry.places.forms.addresses import NoWayIn
from registry.places.models import Camera, Premises
from registry.places.services.cameras import CameraDetails

MOST_AT_ONCE = 20
PREFIX = "camera"
CameraForms: TypeAlias = "forms.BaseFormSet[CameraForm]"


class PictureForm(CheckedForm):
    """A picture of a camera's view. The decoded content, not the file name, shows if it is one."""

    called: ClassVar = {"picture": "upload"}

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. Place, time and device that the file tells are taken out."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": _("Choose a picture."), "empty": _("This file is empty. Choose a picture.")},
    )


class CameraForm(NoWayIn):
    """One camera. No field takes the address of the camera's video, nor a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in AS_ASKED:
            self.fields[field.name] = deepcopy(field.asked)
        self.fields["name"].error_messages["required"] = gettext("Type a name for the camera.")

    def rules(self) -> Iterable[Rule]:
        return [(("facing", seen), policies.check_direction) for seen in ("angle", "reach_m")]

    @property
    def opens_details(self) -> bool:
        return any(field.name in self.errors for field in AS_ASKED if field.part is not Part.OPEN)

    @property
    def parts(self) -> dict[str, list[forms.BoundField]]:
        return {part.value: [self[field.name] for field in AS_ASKED if field.part is part] for part in Part}


class NewCameraForm(CameraForm):
    """One of the first cameras of a registration, which is called by its number if its owner gives it no name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["name"].help_text = _("For example: front door. Without a name we call it “%(name)s”.") % {
            "name": self._number()
        }

    def has_changed(self) -> bool:
        """Count each card as a camera, also an empty one."""
        return True

    def clean_name(self) -> str:
        return self.cleaned_data["name"] or self._number()

    def _number(self) -> str:
        index = (self.prefix or "").rpartition("-")[2]
        return gettext("Camera %(number)s") % {"number": int(index) + 1 if index.isdecimal() else 1}


class OwnCameraForm(CameraForm):
    """One camera of a registered place. own: the camera to change, None for a new one."""

    def __init__(self, *args: Any, at: Premises, own: Camera | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.own = at, own

    def written(self) -> dict[str, Any]:
        return {"details": CameraDetails(**self.cleaned_data)}

    def rules(self) -> Iterable[Rule]:
        return [*super().rules(), (("name",), partial(policies.check_camera_name, at=self.at, own=self.own))]


class _CameraRows(forms.BaseFormSet[CameraForm]):
    default_error_messages: ClassVar = {
        **forms.BaseFormSet.default_error_messages,
        "too_few_forms": _("Add at least one camera."),
    }

    def clean(self) -> None:
        names: set[str] = set()
        for form in self.forms:
            name = " ".join(form.cleaned_data.get("name", "").split()).casefold()
            if name and name in names:
                form.add_error("name", _("Two cameras here have this name. Call one of them something else."))
            names.add(name)


NewCameras: type[CameraForms] = forms.formset_factory(
    NewCameraForm,
    formset=_CameraRows,
    extra=0,
    min_num=1,
    max_num=MOST_AT_ONCE,
    validate_min=True,
    validate_max=True,
    absolute_max=MOST_AT_ONCE,
)


def rows_after(posted: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the typed rows after a button was pressed: `another` adds a row, `remove` takes out row n."""
    count, removed = _number_in(posted, f"{PREFIX}-TOTAL_FORMS"), _number_in(posted, "remove")
    rows = [
        {name: posted.get(f"{PREFIX}-{index}-{name}", "") for name in NAMES}
        for index in range(min(count or 0, MOST_AT_ONCE))
    ]
    if removed is not None and removed < len(rows) > 1:
        del rows[removed]
    if "another" in posted and len(rows) < MOST_AT_ONCE:
        rows.append({})
    return rows


def _number_in(posted: Mapping[str, str], name: str) -> int | None:
    """Return a number that our own page wrote, None for any other text; int() fails on thousands of digits."""
    text = posted.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= len(str(MOST_AT_ONCE)) else None
