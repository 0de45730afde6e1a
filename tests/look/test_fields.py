"""Forms are drawn in the design system's markup: label, hint and error belong to their field."""

import re

from django import forms
from django.template.loader import render_to_string


class PlaceForm(forms.Form):
    street = forms.CharField(label="Street", help_text="As on your mail.")
    kind = forms.ChoiceField(label="Kind", choices=[("home", "A home"), ("shop", "A shop")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(label="I agree", help_text="You can leave at any time.")
    token = forms.CharField(widget=forms.HiddenInput)


def test_an_error_stands_beside_its_field_and_is_tied_to_it() -> None:
    html = PlaceForm({})["street"].as_field_group()
    assert 'aria-describedby="id_street_helptext id_street_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_street_helptext"' in html
    assert 'id="id_street_error"' in html
    assert html.index("Fill in “Street”.") < html.index("<input")


def test_what_is_missing_is_named_by_what_it_is() -> None:
    class Form(PlaceForm):
        photo = forms.FileField(label="Picture")
        other = forms.CharField(label="Other", error_messages={"required": "Say what else."})

    said = {name: errors[0] for name, errors in Form({}).errors.items()}
    assert said == {
        "street": "Fill in “Street”.",
        "kind": "Choose an answer for “Kind”.",
        "agreed": "Tick “I agree”.",
        "token": "Fill in “Token”.",
        "photo": "Choose a file for “Picture”.",
        "other": "Say what else.",
    }


def test_the_list_above_a_form_says_once_what_is_missing() -> None:
    class Form(PlaceForm):
        number = forms.IntegerField(label="Number")

    page = render_to_string("components/form_errors.html", {"form": Form({"kind": "boat", "number": "x"})})
    assert '<a href="#id_street">Fill in “Street”.</a></li>' in page
    assert '<a href="#id_number">Number</a>: Enter a whole number.' in page


def test_choices_are_a_group_with_a_legend() -> None:
    html = PlaceForm({"kind": "shop"})["kind"].as_field_group()
    assert "<fieldset" in html
    assert html.index("Kind") < html.index("A home")
    assert re.search(r'<input[^>]*value="shop"[^>]* checked', html)
    assert not re.search(r'<input[^>]*value="home"[^>]* checked', html)
    assert 'for="id_kind_1"' in html


def test_what_was_typed_is_kept_to_the_letter() -> None:
    html = PlaceForm({"note": "  two\nlines & more "})["note"].as_field_group()
    assert ">\n  two\nlines &amp; more </textarea>" in html
    assert "(optional)" in html


def test_a_box_to_tick_comes_before_its_label() -> None:
    html = PlaceForm({})["agreed"].as_field_group()
    assert html.index('class="usa-checkbox__input"') < html.index('class="usa-checkbox__label"')
    assert 'id="id_agreed_helptext"' in html
    assert 'id="id_agreed_error"' in html


def test_the_form_says_first_what_to_correct_and_links_to_it() -> None:
    html = str(PlaceForm({"kind": "home", "agreed": "on", "token": "t"}))
    assert "Please check what you typed" in html
    assert html.index('href="#id_street"') < html.index("<label")


def test_a_hidden_field_is_sent_and_not_labeled() -> None:
    html = str(PlaceForm())
    assert '<input type="hidden" name="token"' in html
    assert 'for="id_token"' not in html
