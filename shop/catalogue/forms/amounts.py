"""Amounts that somebody writes with two places, and that are kept in hundredths."""

import re
from typing import Any

from django import forms

WRITTEN = re.compile(r"(?P<sign>-?) ?\$? ?(?P<number>\d{1,3}(,\d{3})+(\.\d*)?|\d*\.?\d*)( ?%)?")
"""An amount as people write it: "$1,200.50", "500", "7.5 %". A comma parts thousands, never cents."""


class HundredthsField(forms.DecimalField):
    """Dollars that are read as cents, or percent that is read as basis points. is_small: the box is for few digits."""

    widget = forms.TextInput

    def __init__(self, *, max_digits: int | None = 9, is_small: bool = True, **options: Any) -> None:
        self.is_small = is_small
        super().__init__(max_digits=max_digits, decimal_places=2, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return how the box looks, and that a phone shows digits for it."""
        return {"inputmode": "decimal", **({"class": "usa-input--small"} if self.is_small else {})}

    def to_python(self, value: Any) -> Any:
        """Return the number of an amount as people write it."""
        written = WRITTEN.fullmatch(str(value).strip()) if value is not None else None
        return super().to_python(written["sign"] + written["number"].replace(",", "") if written else value)

    def clean(self, value: Any) -> int | None:
        """Return the hundredths, None for nothing."""
        number = super().clean(value)
        return None if number is None else int(number * 100)
