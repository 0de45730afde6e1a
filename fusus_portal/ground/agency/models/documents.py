"""Versions of terms and agreements, and their announcements. The database refuses changes to both."""

from datetime import timedelta
from typing import ClassVar

from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.keys import staff_key
from fusus_portal.ground.rows import Recorded

SHORTEST_TEXT = 200
LONGEST_TEXT = 40_000

WORDS_NOTICE = timedelta(days=14)
"""Least time from announcement to force, for people who relied on the version before (CHECK of the database)."""

PROMISES = "promises"
"""The answers to common questions; their text is in the code."""

_length = [MinLengthValidator(SHORTEST_TEXT), MaxLengthValidator(LONGEST_TEXT)]


class DocumentKind(models.TextChoices):
    TERMS = "terms", _("Terms of use")
    PRIVACY = "privacy", _("Privacy statement")
    SHARING = "sharing", _("Sharing agreement")


OF_REGISTERING = (DocumentKind.TERMS, DocumentKind.PRIVACY)
"""Agreed to by everyone who registers. Only businesses that share sign the sharing agreement."""


class Document(Recorded):
    """A version of a document. publisher: None for one that ships with the portal.

    names_glass: a sharing agreement that names broken glass. Without it no camera is shown through broken glass.
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
