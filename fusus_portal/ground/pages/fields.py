import re
from collections.abc import Callable, Iterable
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from fusus_portal.ground.zones import zoned

PHONE_DIGITS = 10
TYPED = "%Y-%m-%dT%H:%M"
"""A time as a browser's field sends it."""
Suggestion = tuple[str, str]
"""Text of a suggestion, and its meaning for a script, or ""."""


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A local time. In the hour that comes twice when clocks go back, a second field says which one is meant."""

    template_name = "django/forms/widgets/moment.html"

    def __init__(self) -> None:
        super().__init__(attrs={"type": "datetime-local"}, format=TYPED)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed, fold = super().value_from_datadict(data, files, name), data.get(f"{name}_fold")
        moment = _moment(typed)
        if fold in ("0", "1") and moment is not None and timezone.is_naive(moment) and _comes_twice(moment):
            return timezone.make_aware(moment.replace(fold=int(fold))).isoformat()
        return typed

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        moment = _moment(value)
        is_known = moment is not None and (isinstance(value, datetime) or timezone.is_aware(moment))
        if moment is not None and timezone.is_aware(moment):
            moment = value = timezone.make_naive(moment)
        context = super().get_context(name, value, attrs)
        if moment is not None and _comes_twice(moment):
            chosen = moment.fold if is_known else None
            first, second = (timezone.make_aware(moment.replace(fold=fold)) for fold in (0, 1))
            widget: Any = context["widget"]
            widget["twice"] = date_format(moment, "TIME_FORMAT")
            widget["folds"] = [
                (fold, zoned(time, "g:i a T"), fold == chosen) for fold, time in enumerate((first, second))
            ]
        return context


class LocalMoment(forms.DateTimeField):
    widget = MomentInput

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=[TYPED, f"{TYPED}:%S"], **options)

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment = super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            local = error.params["datetime"]  # type: ignore[index]
            sentence = _("Clocks went forward that night, and %(time)s was left out. Type another time.")
            if _comes_twice(local):
                sentence = _("Clocks went back that night, and %(time)s came twice. Choose which one you mean.")
            raise ValidationError(sentence % {"time": date_format(local, "TIME_FORMAT")}, code=error.code) from None
        if moment is not None and _moment(moment) is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        # In UTC, since Python calls no two zones equal in the hour that comes twice.
        return moment and moment.astimezone(UTC)


def _moment(value: Any) -> datetime | None:
    """Return a time of Python's, or one in ISO 8601 as browsers send it; None for others and the very ends of time."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, datetime) and MINYEAR < value.year < MAXYEAR else None


def _comes_twice(local: datetime) -> bool:
    """True for a naive local time in the hour after which clocks go back; in one left out, the second is earlier."""
    first, second = (timezone.make_aware(local.replace(fold=fold)).timestamp() for fold in (0, 1))
    return first < second


class FewLines(forms.CharField):
    def __init__(self, *, max_length: int = 500, **options: Any) -> None:
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": 3}), **options)


class Suggested(forms.TextInput):
    """A text input with suggestions, shown by the browser as a list."""

    template_name = "django/forms/widgets/suggested.html"

    def __init__(self, suggestions: Callable[[], Iterable[Suggestion]], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["attrs"]["list"] = f"{widget['attrs'].get('id', name)}_list"
        widget["suggestions"] = list(self.suggestions())
        return context


def ten_digits(typed: str) -> str:
    """Return a phone number as 205-555-0100. Raises ValidationError."""
    digits = re.sub(r"\D", "", typed)
    if len(digits) == PHONE_DIGITS + 1 and digits.startswith("1"):
        digits = digits[1:]
    if len(digits) != PHONE_DIGITS:
        raise ValidationError(_("A phone number has ten digits, for example 205-555-0100."))
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


_UNNAMED = forms.Field.default_error_messages["required"]


class FormField(forms.BoundField):
    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if field.error_messages["required"] == _UNNAMED:
            field.error_messages["required"] = _missing(field, str(self.label))

    @property
    def told(self) -> list[tuple[str, str]]:
        """Errors for the list above a form: (label, sentence); label "" if the sentence itself names the field."""
        label = str(getattr(self.field, "called", self.label))
        return [
            ("" if error.code == "required" else label, str(sentence))
            for error in self.errors.as_data()
            for sentence in error.messages
        ]


class FormRenderer(TemplatesSetting):
    bound_field_class = FormField


def _missing(field: forms.Field, label: str) -> str:
    said: dict[str, Any] = {"label": label}
    if isinstance(field, forms.BooleanField):
        return _("Tick “%(label)s”.") % said
    if isinstance(field, forms.FileField):
        return _("Choose a file for “%(label)s”.") % said
    if isinstance(field, forms.ChoiceField):
        return _("Choose an answer for “%(label)s”.") % said
    return _("Fill in “%(label)s”.") % said
