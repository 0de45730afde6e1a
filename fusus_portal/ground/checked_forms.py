"""A form that says at once all that is wrong: what its fields can't read, and what the rules refuse of the rest.

A service asks the same rules again, under its lock, and stops at the first. A form that left them to it would name the
next mistake only when the one before is corrected.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, TypeAlias, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

Done = TypeVar("Done")
Rule: TypeAlias = tuple[tuple[str, ...], Callable[..., object]]
"""The fields that a rule reads, and the rule: called with their values, it raises ValidationError."""


class CheckedForm(forms.Form):
    """A form with rules on its fields, whose service can refuse it as well.

    elsewhere: the field that shows what is about none of the form's fields; None: above all. called: what the service
    calls a field, where that is another name.
    """

    elsewhere: str | None = None
    called: ClassVar[Mapping[str, str]] = {}

    def rules(self) -> Iterable[Rule]:
        """Return the rules. One is asked when all its fields could be read, and none was refused before."""
        return ()

    def clean(self) -> dict[str, Any]:
        """Ask every rule."""
        super().clean()
        for names, rule in self.rules():
            if self.cleaned_data.keys() >= set(names):
                try:
                    rule(*(self.cleaned_data[name] for name in names))
                except ValidationError as refused:
                    self.add_refusal(refused)
        return self.cleaned_data

    def add_refusal(self, error: ValidationError) -> None:
        """Show what a rule or a service refused beside the field that it is about."""
        told = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, sentences in told.items():
            self.add_error(name if name in self.fields else self.elsewhere, ValidationError(sentences))

    def written(self) -> dict[str, Any]:
        """Return what the service takes, of a valid form."""
        return {self.called.get(name, name): value for name, value in self.cleaned_data.items()}

    def carry_out(self, act: Callable[..., Done], **beside: Any) -> Done | None:
        """Do an act with what is written; return what it returns, None when the form or the act refuses.

        Callers judge the answer by its truth: the act returns a row, or anything else that is true when it is done.
        beside: what the act takes besides. A form that nobody has sent does nothing.
        """
        if not self.is_valid():
            return None
        try:
            return act(**beside, **self.written())
        except ValidationError as refused:
            self.add_refusal(refused)
            return None
