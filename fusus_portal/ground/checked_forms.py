"""Forms that show all mistakes at once; a service checks the same rules under its lock, and stops at the first."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeAlias, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

Done = TypeVar("Done")
Rule: TypeAlias = tuple[tuple[str, ...], Callable[..., object]]
"""Names of fields, and a rule that is called with their values and raises ValidationError."""


class CheckedForm(forms.Form):
    """A form with rules, which also shows its service's refusals. called: the service's names of fields, if others.

    elsewhere: the field that shows errors about names that are no fields; None for the top of the form. keeps_focus:
    one of its fields has the focus also after a mistake, instead of the list of mistakes.
    """

    elsewhere: str | None = None
    keeps_focus: ClassVar[bool] = False
    called: ClassVar[Mapping[str, str]] = {}

    def rules(self) -> Iterable[Rule]:
        """Return the form's rules. A rule runs if all its fields are valid and no earlier rule refused one of them."""
        return ()

    def clean(self) -> dict[str, Any]:
        super().clean()
        for names, rule in self.rules():
            if self.cleaned_data.keys() >= set(names):
                self.ask(rule, *(self.cleaned_data[name] for name in names))
        return self.cleaned_data

    def ask(self, rule: Callable[..., object], *values: object) -> None:
        """Call a rule, and show its refusal."""
        try:
            rule(*values)
        except ValidationError as refused:
            self.add_refusal(refused)

    def add_refusal(self, error: ValidationError) -> None:
        told = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, sentences in told.items():
            self.add_error(name if name in self.fields else self.elsewhere, ValidationError(sentences))

    def written(self) -> dict[str, Any]:
        return {self.called.get(name, name): value for name, value in self.cleaned_data.items()}

    def carry_out(self, act: Callable[..., Done], **beside: Any) -> Done | None:
        """Run a service with the form's values; return its truthy result, None if refused. beside: more arguments."""
        if not self.is_valid():
            return None
        try:
            return act(**beside, **self.written())
        except ValidationError as refused:
            self.add_refusal(refused)
            return None
