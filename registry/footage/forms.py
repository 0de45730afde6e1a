from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.checked_forms import CheckedForm, Rule
from fusus_portal.ground.pages.fields import FewLines, LocalMoment
from registry.footage import policies, selectors
from registry.footage.models import Evidence, RetentionCategory, Upload
from registry.limits.forms import ReasonLines
from registry.places.models import Camera


class LookForm(CheckedForm):
    reason = ReasonLines(label=_("Reason"), help_text=_("For example: look for the white van seen at 9:40 p.m."))


class FilterForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All files")), ("kept", _("Kept")), ("held", _("On hold")), ("deleted", _("Deleted"))],
    )
    category = forms.ModelChoiceField(
        label=_("Category"), required=False, queryset=RetentionCategory.objects.all(), empty_label=_("All categories")
    )


class HoldForm(CheckedForm):
    reason = FewLines(
        label=_("Reason"), help_text=_("For example: preservation letter of the district attorney, received on March 3")
    )


class LiftForm(CheckedForm):
    reason = FewLines(
        label=_("Reason to lift it"), help_text=_("For example: the court released the footage on May 12")
    )


class CategoryForm(CheckedForm):
    category = forms.ModelChoiceField(label=_("Category"), queryset=RetentionCategory.objects.all(), empty_label=None)
    reason = FewLines(label=_("Reason"))

    def __init__(self, *arguments: Any, evidence: Evidence, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.evidence = evidence

    def rules(self) -> Iterable[Rule]:
        return ((("reason",), self._check_reason),)

    def _check_reason(self, reason: str) -> None:
        policies.check_category_reason(reason, evidence=self.evidence, category=self.cleaned_data.get("category"))


class RetentionForm(CheckedForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    name_es = forms.CharField(label=_("Name in Spanish"), max_length=80, required=False)
    days = forms.IntegerField(
        label=_("Days that footage is kept"),
        min_value=1,
        help_text=_("Counted from its receipt. 1095 days are 3 years."),
    )
    floor_days = forms.IntegerField(
        label=_("Never fewer days than"),
        min_value=1,
        help_text=_("What the law or your records schedule asks for. This number can only go up."),
    )

    def __init__(self, *args: Any, own: RetentionCategory | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own

    def rules(self) -> Iterable[Rule]:
        return (
            (("name",), lambda name: policies.check_category_name(" ".join(name.split()), category=self.own)),
            (("floor_days",), partial(policies.check_floor_days, category=self.own)),
            (("days", "floor_days"), policies.check_category_days),
        )


class FileForm(CheckedForm):
    """Camera and start of one file, as far as its owner knows. Both may stay empty."""

    camera = forms.ChoiceField(label=_("Camera"), required=False)
    starts_at = LocalMoment(label=_("When does the recording start?"), required=False)

    def __init__(self, data: Any, *, upload: Upload, cameras: Sequence[Camera]) -> None:
        starts_at = upload.starts_at or getattr(getattr(upload, "preview", None), "recorded_at", None)
        known = {
            "camera": str(upload.camera_id or ""),
            "starts_at": localtime(starts_at) if starts_at else None,
        }
        super().__init__(data, prefix=str(upload.pk), initial=known)
        self.upload = upload
        self.fields["camera"].choices = selectors.camera_choices(cameras)  # type: ignore[attr-defined]

    def rules(self) -> Iterable[Rule]:
        return ((("starts_at",), policies.check_start),)
