import re
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fusus_portal.ground.agency.colors import COLOR, LINE_CONTRAST, TEXT_CONTRAST, WHITE, contrast, tint
from fusus_portal.ground.agency.models.one_row import OneRow

PHONE = r"^\+?[0-9][0-9 ().\-]{5,24}( ?(ext\.?|x) ?[0-9]{1,6})?$"
MOST_LINKS = 8
LONGEST_LINK_NAME = 30

_phone = RegexValidator(PHONE, _("Write a phone number, for example 205-555-0100."))
_https = URLValidator(schemes=["https"], message=_("Write a whole address that begins with https://."))
_color = RegexValidator(COLOR, _("Write a color as # and six digits, for example #1b3a5d."))


class Agency(OneRow):
    """The agency as the public sees it. The settings AGENCY_* are only its first values.

    name_es: its name in Spanish sentences, or "".
    social_urls: address by name, in the order shown.
    seal: digest of the uploaded picture, or "". seal_address: the picture's address until then; "" for the portal's
    drawing.
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
        help_text=_(
            "Whoever pays an invoice writes this name on the check. While it is empty, that is the name of the office."
        ),
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
    """Return the sentence for a pale color, or "". Text is also shown on its tint."""
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
