"""The agency's data, its documents and its sentences in messages; limits of all apps build on its row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final, Self

from django.core import validators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _now, gettext_lazy as _
from simple_history.models import HistoricalRecords

from audit.log.actors import Subject
from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.rows import RandomIdRow, Recorded

WHITE: Final = "#ffffff"
COLOR: Final = r"^#[0-9a-fA-F]{6}$"

TEXT_CONTRAST: Final = 4.5
"""Least contrast of text and its background."""

LINE_CONTRAST: Final = 3.0
"""Least contrast of lines, and of shapes that mean something, with their background."""

TINT = 0.12
"""Share of the main color in the pale background of tables and boxes (assets/scss/_colors.scss)."""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors written #rrggbb, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def tint(color: str) -> str:
    return "#" + "".join(f"{round(TINT * part + (1 - TINT) * 255):02x}" for part in _parts(color))


def _luminance(color: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def _parts(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


Amount = int | Decimal


@dataclass(frozen=True, slots=True)
class Bounds:
    default: Amount
    least: Amount
    most: Amount
    unit: str | Promise

    @property
    def options(self) -> dict[str, Any]:
        range_checks = [validators.MinValueValidator(self.least), validators.MaxValueValidator(self.most)]
        return {"default": self.default, "validators": range_checks}

    def whole(self, label: Any, help_text: Any) -> "models.PositiveSmallIntegerField[int, int]":
        return models.PositiveSmallIntegerField(label, help_text=help_text, **self.options)


def within(bounds: Mapping[str, Bounds], *, table: str) -> list[CheckConstraint]:
    inside = {name: Q(**{f"{name}__gte": each.least, f"{name}__lte": each.most}) for name, each in bounds.items()}
    return [CheckConstraint(name=f"{table}_{name}_range", condition=condition) for name, condition in inside.items()]


class OneRow(RandomIdRow):
    """The only row of its table, made by a migration. revision: goes up, so that nobody overwrites another's change."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(name="%(app_label)s_%(class)s_is_one_row", condition=Q(only=True)),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.revision}"

    @classmethod
    def current(cls) -> Self:
        return cls._default_manager.get()

    @classmethod
    def locked(cls) -> Self:
        return cls._default_manager.select_for_update(no_key=True).get()

    @property
    def subject(self) -> Subject:
        return Subject(str(self._meta.model_name), str(self.pk))


PHONE = r"^\+?[0-9][0-9 ().\-]{5,24}( ?(ext\.?|x) ?[0-9]{1,6})?$"
MOST_LINKS = 8
LONGEST_LINK_NAME = 30

_phone = validators.RegexValidator(PHONE, _("Write a phone number, for example 205-555-0100."))
_https = validators.URLValidator(schemes=["https"], message=_("Write a whole address that begins with https://."))
_color = validators.RegexValidator(COLOR, _("Write a color as # and six digits, for example #1b3a5d."))


class Agency(OneRow):
    """The agency as the public sees it. The settings AGENCY_* are only its first values.

    name_es: its name in Spanish sentences, or "". social_urls: address by name, in the order shown. seal: digest of the
    uploaded picture, or "". seal_address: of a picture to show until one is uploaded; "" for the portal's drawing.
    """

    name = models.CharField(_("name"), max_length=120, help_text=_("As the public knows it."))
    short_name = models.CharField(_("short name"), max_length=60, help_text=_("In running text: “Sheriff's Office”."))
    name_es = models.CharField(
        _("name in Spanish sentences"),
        max_length=120,
        blank=True,
        help_text=_("With its article: “la Oficina del Sheriff del Condado de Jefferson”. Empty: the name as it is."),
    )
    phone = models.CharField(
        _("phone"),
        max_length=32,
        validators=[_phone],
        help_text=_("People call it to learn whether a request is real."),
    )
    help_phone = models.CharField(
        _("phone for help"),
        max_length=32,
        blank=True,
        validators=[_phone],
        help_text=_("For help with this site, where another number answers."),
    )
    email = models.EmailField(_("e-mail for the public"), blank=True)
    news_url = models.URLField(
        _("news page"), validators=[_https], help_text=_("Where the office announces things. Messages never do.")
    )
    social_urls = models.JSONField(_("social links"), default=dict, blank=True)
    seal = models.CharField(_("seal"), max_length=64, blank=True, editable=False)
    seal_address = models.CharField(max_length=200, blank=True, editable=False)
    payee = models.CharField(
        _("checks are made out to"),
        max_length=120,
        blank=True,
        help_text=_("Businesses write this name on the check. While it is empty, that is the name of the office."),
    )
    check_address = models.CharField(
        _("checks are sent to"),
        max_length=200,
        blank=True,
        help_text=_(
            "The whole address on one line, with the ZIP code. While it is empty, checks go where COREs are sent back."
        ),
    )
    return_address = models.CharField(
        _("COREs are sent back to"),
        max_length=200,
        blank=True,
        help_text=_("The whole address on one line. While it is empty, pages say whom to call."),
    )
    color_primary = models.CharField(
        _("main color"), max_length=7, validators=[_color], help_text=_("Of links, buttons and the header.")
    )
    color_accent = models.CharField(
        _("second color"), max_length=7, validators=[_color], help_text=_("Of lines and drawings.")
    )

    history = HistoricalRecords()

    class Meta(OneRow.Meta):
        verbose_name = "agency"
        verbose_name_plural = "agencies"
        constraints: ClassVar = [
            *OneRow.Meta.constraints,
            models.CheckConstraint(
                name="agency_can_be_named_and_reached", condition=~Q(name="") & ~Q(short_name="") & ~Q(phone="")
            ),
            models.CheckConstraint(
                name="agency_colors_form", condition=Q(color_primary__regex=COLOR) & Q(color_accent__regex=COLOR)
            ),
            models.CheckConstraint(name="agency_seal_form", condition=Q(seal="") | Q(seal__regex=r"^[0-9a-f]{64}$")),
        ]

    def clean(self) -> None:
        super().clean()
        wrong: dict[str, list[str]] = {}
        if problem := _unreadable(self.color_primary, TEXT_CONTRAST):
            wrong["color_primary"] = [problem]
        if problem := _unreadable(self.color_accent, LINE_CONTRAST):
            wrong["color_accent"] = [problem]
        if problem := _wrong_links(self.social_urls):
            wrong["social_urls"] = [problem]
        if wrong:
            raise ValidationError(wrong)


def _unreadable(color: str, least: float) -> str:
    """Return the sentence that refuses a color as too pale, or "". Text is also shown on a tint of its color."""
    if not re.fullmatch(COLOR, color):
        return ""
    found = contrast(color, tint(color) if least == TEXT_CONTRAST else WHITE)
    if found >= least:
        return ""
    sentence = _now(
        "Too pale on this site's grounds: contrast %(found).1f, and %(least).1f is needed. Take a darker one."
    )
    return sentence % {"found": found, "least": least}


def _wrong_links(links: dict[str, str]) -> str:
    if len(links) > MOST_LINKS:
        return _now("At most %(most)d links.") % {"most": MOST_LINKS}
    for name, address in links.items():
        if not name or len(name) > LONGEST_LINK_NAME:
            return _now("Give each link a name of at most %(most)d letters.") % {"most": LONGEST_LINK_NAME}
        try:
            _https(address)
        except ValidationError:
            return _now("%(name)s: write a whole address that begins with https://.") % {"name": name}
    return ""


SHORTEST_TEXT = 200
LONGEST_TEXT = 40_000

WORDS_NOTICE = timedelta(days=14)
"""Least time from a version's announcement until it is in force, if people rely on an older one (also a CHECK)."""

PROMISES = "promises"
"""Name, among the texts that people rely on, of the answers to common questions. Their words are in the code."""

_length = [validators.MinLengthValidator(SHORTEST_TEXT), validators.MaxLengthValidator(LONGEST_TEXT)]


class DocumentKind(models.TextChoices):
    TERMS = "terms", _("Terms of use")
    PRIVACY = "privacy", _("Privacy statement")
    SHARING = "sharing", _("Sharing agreement")


OF_REGISTERING = (DocumentKind.TERMS, DocumentKind.PRIVACY)
"""Documents to which everyone who registers agrees. Only businesses that share sign the sharing agreement."""


class Document(Recorded):
    """A version of a document. publisher: None for one that ships with the portal.

    names_glass: a sharing agreement names broken glass (two people, and no supervisor, declare an incident critical);
    without those words no camera is shown through it.
    """

    subject_kind = "document"

    kind = models.CharField(max_length=10, choices=DocumentKind)
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(default=timezone.now, editable=False)
    publisher = staff_key()
    text_en = models.TextField(_("English text"), validators=_length)
    text_es = models.TextField(_("Spanish text"), validators=_length)
    names_glass = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "number"], name="document_number_once"),
            models.CheckConstraint(name="document_kind_in_list", condition=Q(kind__in=DocumentKind.values)),
            models.CheckConstraint(name="document_number_above_zero", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="document_names_glass_where_signed",
                condition=Q(names_glass=False) | Q(kind=DocumentKind.SHARING),
            ),
            models.CheckConstraint(name="document_has_both_texts", condition=~Q(text_en="") & ~Q(text_es="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    def text(self, language: str) -> str:
        return self.text_es if language.startswith("es") else self.text_en


class Announcement(Recorded):
    """The announcement of a version to the people who relied on the one before.

    name: a kind of document, or `PROMISES`. told: number of recipients; with 0 the version is in force at once.
    """

    subject_kind = "announcement"

    name = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    announced_at = models.DateTimeField(default=timezone.now, editable=False)
    holds_from = models.DateTimeField(editable=False)
    told = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "number"], name="announcement_once"),
            models.CheckConstraint(
                name="announcement_of_known_text", condition=Q(name__in=[*DocumentKind.values, PROMISES])
            ),
            models.CheckConstraint(name="announcement_number_above_zero", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="announcement_before_it_holds",
                condition=Q(told=0, holds_from__gte=F("announced_at"))
                | Q(holds_from__gte=F("announced_at") + WORDS_NOTICE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}, announced"

    @property
    def is_in_force(self) -> bool:
        """True from `holds_from`, or at once if nobody was written to."""
        return self.told == 0 or self.holds_from <= timezone.now()


LONGEST_SENTENCE = 240


class MessageText(RandomIdRow):
    """The agency's sentences in one kind of message and language. opening, closing: one line each, or ""."""

    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices={"en": _("English"), "es": _("Spanish")})
    opening = models.CharField(_("first sentence"), max_length=LONGEST_SENTENCE, blank=True)
    closing = models.CharField(_("last sentence"), max_length=LONGEST_SENTENCE, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "language"], name="message_text_once"),
            models.CheckConstraint(name="message_text_has_kind", condition=~Q(kind="")),
            models.CheckConstraint(name="message_text_language_in_list", condition=Q(language__in=["en", "es"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"
