"""Amounts that somebody writes with two places, and that are kept in hundredths."""

from typing import Any

from django import forms


class HundredthsField(forms.DecimalField):
    """Dollars that are read as cents, or percent that is read as basis points. is_small: the box is for few digits."""

    widget = forms.TextInput

    def __init__(self, *, max_digits: int | None = 9, is_small: bool = True, **options: Any) -> None:
        self.is_small = is_small
        super().__init__(max_digits=max_digits, decimal_places=2, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return how the box looks, and that a phone shows digits for it."""
        return {"inputmode": "decimal", **({"class": "usa-input--small"} if self.is_small else {})}

    def clean(self, value: Any) -> int | None:
        """Return the hundredths, None for nothing."""
        number = super().clean(value)
        return None if number is None else int(number * 100)
