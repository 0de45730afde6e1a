"""Forms of live view: why a camera must be seen, and why a view must end."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm
from fusus_portal.ground.pages.fields import FewLines
from integration.critical.models import LONGEST_REASON
from registry.limits.reason_fields import ReasonLine


class StopForm(CheckedForm):
    """Why a supervisor ends somebody else's view."""

    reason = FewLines(label=_("Reason"), help_text=_("Why this view must end. Auditors read it. Write no names."))


class ViewForm(forms.Form):
    """Why a camera must be seen now. more: its time is used up, and this says why more is needed.

    owners_read: whether owners read it, where that was looked up for many forms.
    """

    reason = ReasonLine(
        label=_("Why you need to see it now"),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Write why this is needed now.")},
    )
    more = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, owners_read: bool | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].widget.owners_read = owners_read
