from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from fusus_portal.ground.rows import RandomIdRow

LONGEST = 240


class MessageText(RandomIdRow):
    """The agency's sentences in one kind of message and language. opening, closing: one line each, or ""."""

    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices={"en": _("English"), "es": _("Spanish")})
    opening = models.CharField(_("first sentence"), max_length=LONGEST, blank=True)
    closing = models.CharField(_("last sentence"), max_length=LONGEST, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "language"], name="message_text_once"),
            models.CheckConstraint(name="message_text_has_kind", condition=~Q(kind="")),
            models.CheckConstraint(name="message_text_language_in_list", condition=Q(language__in=["en", "es"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"
