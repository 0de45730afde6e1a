from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.agency.forms import Lines
from fusus_portal.ground.agency.steps import BoundedForm
from registry.limits.models import BOUNDS, Limits


class LimitsForm(BoundedForm):
    bounds = BOUNDS

    empty_phrases = Lines(
        label=_("Phrases that are not a reason"), required=False, help_text=Limits.empty_phrases.field.help_text
    )

    class Meta:
        model = Limits
        fields = (*BOUNDS, "leaves_out_unconfirmed", "shows_reasons", "empty_phrases")


class _ToldWidget(forms.Widget):
    """A field for a reason with a sentence for its author. owners_read: None to look it up when rendered."""

    inner: str
    template_name = "registry/components/reason.html"
    owners_read: bool | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        asked = self.owners_read is None
        context["owners_read"] = Limits.current().shows_reasons if asked else self.owners_read
        widget = context["widget"]
        widget["inner"], widget["note"] = self.inner, f"{widget['attrs'].get('id', name)}_owners"
        if context["owners_read"]:
            described = f"{widget['attrs'].get('aria-describedby', '')} {widget['note']}"
            widget["attrs"]["aria-describedby"] = described.strip()
        return context


class _Lines(_ToldWidget, forms.Textarea):
    inner = forms.Textarea.template_name


class _Line(_ToldWidget, forms.TextInput):
    inner = forms.TextInput.template_name


class ReasonLines(forms.CharField):
    def __init__(self, *, max_length: int = 500, **options: Any) -> None:
        super().__init__(max_length=max_length, widget=_Lines(attrs={"rows": 3}), **options)


class ReasonLine(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(widget=_Line(attrs={"autocomplete": "off"}), **options)
