from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm
from fusus_portal.ground.pages.fields import FewLines
from integration.critical.models import LONGEST_REASON
from integration.rules import GRID
from registry.limits.forms import ReasonLine


class StopForm(CheckedForm):
    reason = FewLines(label=_("Reason"), help_text=_("Why this view must end. Auditors read it. Write no names."))


class CameraIds(forms.Field):
    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[UUID]:
        try:
            return list(dict.fromkeys(UUID(each) for each in value or []))
        except ValueError:
            raise ValidationError(_("There is no such camera.")) from None


class ViewForm(forms.Form):
    """Cameras to see now, and why. only: the camera whose own button was pressed, whatever boxes are ticked.

    more: cameras whose time was used up when the page was shown, so that the reason says why more is needed. room:
    further views that this user may have at once.
    """

    reason = ReasonLine(
        label=_("Why you need to see it now"),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Write why this is needed now.")},
    )
    camera = CameraIds(label=_("Cameras"), required=False)
    only = CameraIds(required=False)
    more = CameraIds(required=False)

    def __init__(self, *args: Any, room: int = GRID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room = room

    @property
    def chosen(self) -> list[UUID]:
        return list(self.cleaned_data.get("only") or self.cleaned_data.get("camera") or [])

    def clean(self) -> None:
        if not self.chosen and not self.errors:
            self.add_error("camera", _("Tick the cameras that you need to see."))
        if len(self.chosen) > self.room:
            sentence = _("You can view %(most)d cameras at once. Untick %(over)d.")
            self.add_error("camera", sentence % {"most": self.room, "over": len(self.chosen) - self.room})
