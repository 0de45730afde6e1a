"""Refusals of an act are shown on its form."""

import pytest
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from fusus_portal.ground.checked_forms import CheckedForm


class Letter(CheckedForm):
    text = forms.CharField()


@pytest.mark.parametrize(
    ("refusal", "shown"),
    [
        (ValidationError({"text": "Too rude."}), {"text": ["Too rude."]}),
        (ValidationError({"address": "There is none."}), {NON_FIELD_ERRORS: ["There is none."]}),
        (ValidationError("The office is closed."), {NON_FIELD_ERRORS: ["The office is closed."]}),
    ],
)
def test_a_refusal_is_beside_its_field_or_above_all(refusal: ValidationError, shown: dict[str, list[str]]) -> None:
    def act(text: str) -> str:
        raise refusal

    form = Letter({"text": "Dear Sheriff"})
    assert form.carry_out(act) is None
    assert form.errors == shown


def test_an_act_is_done_with_what_was_written_once_that_is_right() -> None:
    def act(text: str) -> str:
        return text.upper()

    assert Letter({"text": ""}).carry_out(act) is None
    assert Letter({"text": "Dear Sheriff"}).carry_out(act) == "DEAR SHERIFF"
