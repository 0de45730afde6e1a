"""Forms of visitors, and fields for amounts, scans and pictures that other nouns use too."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, cast

from django import forms
from django.core.files.base import File
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.checked_forms import CheckedForm, Done, Rule
from fusus_portal.ground.pages.fields import Day, LocalMoment
from integration.cores.models import CoreModel
from integration.cores.selectors import current_models
from shop.catalogue import files, policies
from shop.catalogue.models import DETAILS, FACTS, LONGEST_FACT, LONGEST_NAME, LONGEST_TEXT, Product, ProductKind, Stock

WRITTEN = re.compile(r"(?P<sign>-?) ?\$? ?(?P<number>\d{1,3}(,\d{3})+(\.\d*)?|\d*\.?\d*)( ?%)?")
"""An amount as people write it: "$1,200.50", "500", "7.5 %". A comma separates thousands, never cents."""


class HundredthsField(forms.DecimalField):
    """A field that reads dollars as cents, or percent as basis points. is_small: a narrow box, for few digits."""

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


class Pictures(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    def clean(self, data: Any, initial: Any = None) -> "list[File[bytes]]":
        each = data if isinstance(data, list | tuple) else [data]
        if not any(each):
            # No file at all: the error shows beside the other missing fields.
            return [] if not self.required else super().clean(None, initial)
        return [super(PicturesField, self).clean(one, initial) for one in each]


def paper_field(label: Any) -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=_("A PDF, or a picture as JPEG or PNG, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


class SentForm(CheckedForm):
    """A form with files, which are read with the other fields, so that all errors show at once. by: their sender.

    The services take the files as read here, and do not read them again.
    """

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by


class PaperForm(SentForm):
    """A form with a scan in "paper". held: token of the scan that was sent before, while another field was wrong."""

    held = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.token: str = (self.data if self.is_bound else self.initial).get("held", "")
        if found := files.find_held_paper(self.token, sender=self.by.pk):
            self.initial["paper"], name = found
            self._say_held(name)

    def rules(self) -> Iterable[Rule]:
        return ((("paper",), self._read),)

    def carry_out(self, act: Callable[..., Done], **beside: Any) -> Done | None:
        """Carry out an act; hold the scan for the next try if the form or the act refuses."""
        done = super().carry_out(act, **beside)
        if done:
            files.release_held_paper(self.token, sender=self.by.pk)
        elif self.is_bound:
            self._hold()
        return done

    def written(self) -> dict[str, Any]:
        return {name: value for name, value in super().written().items() if name != "held"}

    def _read(self, paper: "File[bytes] | files.CheckedPaper") -> None:
        self.cleaned_data["paper"] = files.check_paper(paper, sender=self.by.pk)

    def _hold(self) -> None:
        upload, paper = self.files.get("paper"), self.cleaned_data.get("paper")
        if upload is not None and isinstance(paper, files.CheckedPaper):
            name, sent = str(upload.name), cast("QueryDict", self.data).copy()
            self.token = sent["held"] = files.hold_paper(paper, name=name, sender=self.by.pk)
            self.data = sent
            self._say_held(name)

    def _say_held(self, name: str) -> None:
        shown = self["paper"]
        words = _("“%(name)s” is attached. Choose a file only to send another one.") % {"name": name}
        shown.help_text = format_html("<strong>{}</strong> {}", words, self.fields["paper"].help_text)


class PicturesForm(SentForm):
    called = {"picture": "pictures"}

    def rules(self) -> Iterable[Rule]:
        return ((("picture",), self._read),)

    def _read(self, pictures: "list[File[bytes]]") -> None:
        self.cleaned_data["picture"] = [files.sizes_of(each, sender=self.by.pk) for each in pictures]


MOST_CAMERAS = 1000


class CamerasForm(forms.Form):
    cameras = forms.IntegerField(label=_("How many cameras do you have?"), min_value=1, max_value=MOST_CAMERAS)


class QuantityForm(CheckedForm):
    """A number of pieces. The service checks it, and its refusal is the error that people read."""

    quantity = forms.IntegerField(
        label=_("How many?"),
        initial=1,
        widget=forms.NumberInput(attrs={"min": 1, "class": "usa-input--small", "inputmode": "numeric"}),
    )


FACT_LABELS = {
    "box": (_("In the box"), _("Such as: CORE, power supply, network cable (6 ft), screws.")),
    "power": (_("Power"), _("Such as: 120 V outlet, 15 W.")),
    "network": (_("Network"), _("Such as: wired, at least 5 Mbit/s upload for each camera.")),
    "works_with": (_("Works with"), _("Which cameras and recorders.")),
    "delivery": (_("Delivery"), _("Beside the day by which it ships, which the page says anyway.")),
    "warranty": (_("Warranty"), _("Beside that of a CORE, which the page says anyway.")),
}


class DetailsForm(CheckedForm):
    kind = forms.ChoiceField(label=_("What is it?"), choices=ProductKind, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    name_es = forms.CharField(label=_("Name in Spanish"), max_length=LONGEST_NAME)
    text = forms.CharField(
        label=_("Description"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    text_es = forms.CharField(
        label=_("Description in Spanish"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    core_model = forms.ModelChoiceField(
        label=_("Kind of CORE"),
        queryset=CoreModel.objects.none(),
        required=False,
        empty_label=_("It is no CORE"),
        help_text=_("Which COREs are sent for it. It says how many cameras one connects."),
    )
    first_year_included = forms.BooleanField(label=_("The price includes the first year's fee"), required=False)
    tax_code = forms.CharField(
        label=_("Tax code"), max_length=40, help_text=_("Such as goods or services: sales tax has a rate for each.")
    )

    def __init__(self, *args: Any, product: Product | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product
        facts = _fact_fields()
        self.fields |= facts
        self.order_fields(["kind", "name", "name_es", "text", "text_es", *facts])
        model: Any = self.fields["core_model"]
        model.queryset = current_models()
        if product is not None:
            del self.fields["kind"]
            self.initial = {name: getattr(product, name) for name in DETAILS}
            if product.core_model_id:
                model.queryset = CoreModel.objects.filter(pk=product.core_model_id) | current_models()

    def rules(self) -> Iterable[Rule]:
        yield ("name",), partial(policies.check_name, but=self.product)
        for fact in FACTS:
            yield (fact, f"{fact}_es"), partial(policies.check_fact, fact)
        if self.product is None:
            yield ("kind", "core_model"), policies.check_core_model
        else:
            yield ("core_model",), partial(policies.check_core_model, self.product.kind)

    def details(self) -> Product:
        return Product(**{name: value for name, value in self.cleaned_data.items() if name != "kind"})

    def written(self) -> dict[str, Any]:
        kind = {} if self.product else {"kind": self.cleaned_data["kind"]}
        return {"details": self.details(), **kind}


def _fact_fields() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for fact, (label, hint) in FACT_LABELS.items():
        spanish = gettext("%(fact)s, in Spanish") % {"fact": label}
        for name, words, hint_words in ((fact, label, hint), (f"{fact}_es", spanish, "")):
            fields[name] = forms.CharField(label=words, max_length=LONGEST_FACT, required=False, help_text=hint_words)
    return fields


class OfProductForm(CheckedForm):
    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product


class PriceForm(OfProductForm):
    cents = HundredthsField(label=_("Price of one, in dollars"), min_value=0)
    yearly_fee = HundredthsField(label=_("Yearly fee of one, in dollars"), min_value=0, initial=0)
    starts_at = LocalMoment(label=_("From"), required=False, help_text=_("Leave it empty for now."))

    def rules(self) -> Iterable[Rule]:
        return (
            (("cents",), policies.check_cents),
            (("yearly_fee",), policies.check_yearly_fee),
            (("starts_at",), partial(policies.check_begin, product=self.product, now=timezone.now())),
        )


class DiscountForm(CheckedForm):
    from_quantity = forms.IntegerField(
        label=_("Starts at how many?"), widget=forms.NumberInput(attrs={"class": "usa-input--small"})
    )
    basis_points = HundredthsField(label=_("Less, in percent"), max_digits=5, min_value=0)

    def rules(self) -> Iterable[Rule]:
        return (
            (("from_quantity",), policies.check_from_quantity),
            (("basis_points",), policies.check_basis_points),
        )


class StockForm(OfProductForm):
    kind = forms.ChoiceField(
        label=_("What happened?"),
        choices=[(kind.value, kind.label) for kind in policies.BY_HAND],
        widget=forms.RadioSelect,
    )
    change = forms.IntegerField(
        label=_("How many more, or fewer with a minus"), widget=forms.NumberInput(attrs={"class": "usa-input--small"})
    )
    note = forms.CharField(
        label=_("Why?"),
        max_length=200,
        required=False,
        help_text=_("Needed for what was counted anew or scrapped. Clerks and administrators read it."),
    )

    def rules(self) -> Iterable[Rule]:
        stock = Stock.objects.filter(product=self.product).first()
        return (
            (("change",), partial(policies.check_change, free=stock.free if stock else 0)),
            (("kind", "change"), policies.check_direction),
            (("note",), lambda note: policies.check_note(note, kind=self.cleaned_data.get("kind", ""))),
        )


class PictureForm(OfProductForm, SentForm):
    called = {"picture": "upload"}

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. Everything but the picture itself is removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alternative = forms.CharField(label=_("What it shows"), max_length=policies.LONGEST_ALTERNATIVE)
    alternative_es = forms.CharField(label=_("What it shows, in Spanish"), max_length=policies.LONGEST_ALTERNATIVE)

    def rules(self) -> Iterable[Rule]:
        return ((("picture",), self._read),)

    def _read(self, picture: File[bytes]) -> None:
        policies.check_room(self.product)
        self.cleaned_data["picture"] = files.sizes_of(picture, sender=self.by.pk)


class EndForm(CheckedForm):
    ends_on = Day(label=_("First day without it"))
