"""Locks of letters and batches. Letters come after registration and place (`registry.incidents.locks`)."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import find_or_refuse
from registry.letters import selectors
from registry.letters.models import Letter, LetterBatch
from registry.letters.states import IN_FORCE
from registry.places.models import Premises


def batch(pk: UUID) -> LetterBatch:
    """Lock a batch of letters. Raises NotYours."""
    rows = LetterBatch.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk)
    return find_or_refuse(rows, _("There is no such batch."), subject=("letter_batch", str(pk)))


def letters(pks: Iterable[UUID]) -> list[Letter]:
    """Lock letters with their places, in one order for all."""
    rows = Letter.objects.select_for_update(of=("self",), no_key=True).select_related("premises")
    return list(rows.filter(pk__in=list(pks)).order_by("pk"))


def typed_by(registrant: UUID) -> list[Letter]:
    """Lock the letters whose code a registrant may still type. The registration must be locked."""
    return letters(selectors.typed_by(registrant).values_list("pk", flat=True))


def in_force(premises: Premises) -> list[Letter]:
    """Lock the letters that may still confirm a place. The place must be locked."""
    return letters(Letter.objects.filter(premises=premises, state__in=IN_FORCE).values_list("pk", flat=True))
