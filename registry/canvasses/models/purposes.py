from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.languages import local
from fusus_portal.ground.rows import Recorded
from registry.incidents.forbidden_reasons import LAWFUL_ASSEMBLY

ACCENTS = str.maketrans({"a": "[aá]", "e": "[eé]", "i": "[ií]", "o": "[oó]", "u": "[uúü]"})
NAMES_ASSEMBLY = rf"\m({'|'.join(word.translate(ACCENTS) for word in sorted(LAWFUL_ASSEMBLY))})\M"
"""PostgreSQL pattern of the words in `LAWFUL_ASSEMBLY`, with or without accents."""


class CanvassPurpose(Recorded):
    """A purpose as owners read it. Retired ones stay with canvasses. The database refuses lawful assemblies."""

    subject_kind = "purpose"

    name = models.CharField(_("name"), max_length=120)
    name_es = models.CharField(_("name in Spanish"), max_length=120)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="purpose_name_once"),
            models.CheckConstraint(name="purpose_has_names", condition=~Q(name="") & ~Q(name_es="")),
            models.CheckConstraint(
                name="purpose_is_no_assembly",
                condition=~Q(name__iregex=NAMES_ASSEMBLY) & ~Q(name_es__iregex=NAMES_ASSEMBLY),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def names(self) -> tuple[str, str]:
        return self.name, self.name_es

    @property
    def label(self) -> str:
        return local(self.name, self.name_es)
