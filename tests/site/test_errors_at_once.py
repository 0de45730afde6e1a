"""A form says all that is wrong at once: a person who mends that meets no further error."""

from collections.abc import Callable

import pytest

from tests.shop.orders.orders import paper
from tests.site import (
    forms_of_clerks,
    forms_of_deputies,
    forms_of_oversight,
    forms_of_owners,
    forms_of_people,
    forms_of_reviews,
    forms_of_staff,
    forms_of_streets,
    forms_of_the_shop,
)
from tests.site.wrong_answers import Answers, WrongForm

__all__ = ["paper"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paper")]

FORMS = (
    *forms_of_clerks.FORMS,
    *forms_of_deputies.FORMS,
    *forms_of_oversight.FORMS,
    *forms_of_owners.FORMS,
    *forms_of_reviews.FORMS,
    *forms_of_staff.FORMS,
    *forms_of_people.FORMS,
    *forms_of_streets.FORMS,
    *forms_of_the_shop.FORMS,
)
SHOWN = frozenset({200, 422})


def errors_of(form: WrongForm, answers: Answers) -> dict[str, list[str]]:
    """Return what the page says after these answers, by field; nothing where it goes on."""
    answer = form.browser.post(form.address, {**form.besides, **answers})
    if answer.status_code not in SHOWN:
        return {}
    shown = answer.context.get("forms") or [answer.context["form"]]
    return {each.add_prefix(name): said for each in shown for name, said in each.errors.items()}


@pytest.mark.parametrize("made", FORMS, ids=lambda made: made.__name__)
def test_every_wrong_answer_is_named_whatever_else_is_wrong(made: Callable[[], WrongForm]) -> None:
    form = made()
    for turn in range(max(len(question.wrong) for question in form.questions)):
        answers: Answers = {}
        for place, question in enumerate(form.questions):
            answers |= question.wrong[(turn + place) % len(question.wrong)]
        said = errors_of(form, answers)
        left = [question.right for question in form.questions if not said.keys() & question.right.keys()]
        assert not left, f"{answers} was refused with {said}"
    right: Answers = {}
    for question in form.questions:
        right |= question.right
    assert errors_of(form, right) == {}
