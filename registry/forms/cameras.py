"""Cameras. Any kind is welcome, so everything but the name may stay empty."""

from collections.abc import Mapping
from typing import ClassVar, TypeAlias

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_AT_ONCE = 20
PREFIX = "camera"


class CameraForm(forms.Form):
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
        label=_("Kind"), help_text=_("For example: doorbell, outdoor, recorder"), max_length=80, required=False
    )
    make = forms.CharField(label=_("Maker"), max_length=80, required=False)
    model = forms.CharField(label=_("Model"), max_length=80, required=False)


CameraForms: TypeAlias = "forms.BaseFormSet[CameraForm]"


class _CameraRows(forms.BaseFormSet[CameraForm]):
    """Rows that say what is missing in words of this page, not of forms."""

    default_error_messages: ClassVar = {
        **forms.BaseFormSet.default_error_messages,
        "too_few_forms": _("Add at least one camera."),
    }


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
    count = posted.get(f"{PREFIX}-TOTAL_FORMS", "")
    rows = [_row(posted, index) for index in range(min(int(count), MOST_AT_ONCE) if count.isdecimal() else 0)]
    removed = posted.get("remove", "")
    if removed.isdecimal() and int(removed) < len(rows) > 1:
        del rows[int(removed)]
    if "another" in posted and len(rows) < MOST_AT_ONCE:
        rows.append({})
    return rows


def _row(posted: Mapping[str, str], index: int) -> dict[str, str]:
    return {name: posted.get(f"{PREFIX}-{index}-{name}", "") for name in CameraForm.base_fields}
