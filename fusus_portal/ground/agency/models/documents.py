"""What people agree to, version by version. The database refuses a change of a published one."""

from typing import ClassVar

from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.accounts.keys import staff_key
from fusus_portal.ground.rows import Recorded

SHORTEST_TEXT = 200
LONGEST_TEXT = 40_000

_length = [MinLengthValidator(SHORTEST_TEXT), MaxLengthValidator(LONGEST_TEXT)]


class DocumentKind(models.TextChoices):
    """What people agree to: the first two when they register, the last when a business shares cameras."""

    TERMS = "terms", _("Terms of use")
    PRIVACY = "privacy", _("Privacy statement")
    SHARING = "sharing", _("Sharing agreement")


OF_REGISTERING = (DocumentKind.TERMS, DocumentKind.PRIVACY)
"""What everyone in the registry agrees to. The sharing agreement is signed, and only by whoever shares."""


class Document(Recorded):
    """One version, in force from published_at until the next. publisher: None for the one that came with the portal."""

    subject_kind = "document"

    kind = models.CharField(max_length=10, choices=DocumentKind)
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField(default=timezone.now, editable=False)
    publisher = staff_key()
    text_en = models.TextField(_("English text"), validators=_length)
    text_es = models.TextField(_("Spanish text"), validators=_length)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "number"], name="document_number_once"),
            models.CheckConstraint(name="document_kind_in_list", condition=Q(kind__in=DocumentKind.values)),
            models.CheckConstraint(name="document_number_above_zero", condition=Q(number__gt=0)),
            models.CheckConstraint(name="document_has_both_texts", condition=~Q(text_en="") & ~Q(text_es="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    def text(self, language: str) -> str:
        """Return the text in a language, "en" or "es"."""
        return self.text_es if language.startswith("es") else self.text_en
