import re
from typing import Any

from django import forms

WRITTEN = re.compile(r"(?P<sign>-?) ?\$? ?(?P<number>\d{1,3}(,\d{3})+(\.\d*)?|\d*\.?\d*)( ?%)?")
"""An amount as people write it: "$1,200.50", "500", "7.5 %". A comma separates thousands, never cents."""


class HundredthsField(forms.DecimalField):
    """Dollars read as cents, or percent read as basis points. is_small: a narrow box, for few digits."""

    widget = forms.TextInput

    def __init__(self, *, max_digits: int | None = 9, is_small: bool = True, **options: Any) -> None:
        self.is_small = is_small
        super().__init__(max_digits=max_digits, decimal_places=2, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", **({"class": "usa-input--small"} if self.is_small else {})}

    def to_python(self, value: Any) -> Any:
        written = WRITTEN.fullmatch(str(value).strip()) if value is not None else None
        return super().to_python(written["sign"] + written["number"].replace(",", "") if written else value)

    def clean(self, value: Any) -> int | None:
        number = super().clean(value)
        return None if number is None else int(number * 100)
