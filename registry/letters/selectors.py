from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fusus_portal.ground.lifecycle import find_or_refuse
from registry.letters.models import Letter, LetterBatch
from registry.letters.states import LetterState
from registry.places.models import Premises
from registry.rules import LETTER_LIFE, LETTERS_AT_ONCE

SHOWN = 30
"""Batches on the clerks' page at most."""


def typed_by(registrant: UUID) -> QuerySet[Letter]:
    """Return a registrant's letters whose code works: printed in the last 60 days, in a batch that a clerk opened."""
    still = Letter.objects.filter(state=LetterState.PRINTED, printed_at__gt=timezone.now() - LETTER_LIFE)
    still = still.filter(batch__opened_at__isnull=False)
    return still.filter(premises__registrant=registrant).order_by("pk")


def latest(premises: Iterable[Premises]) -> Mapping[UUID, Letter]:
    letters = Letter.objects.filter(premises__in=list(premises)).order_by("asked_at")
    return {letter.premises_id: letter for letter in letters}


def to_print() -> QuerySet[Letter]:
    waiting = Letter.objects.filter(state=LetterState.WAITING).select_related("premises")
    return waiting.order_by("asked_at", "pk")[:LETTERS_AT_ONCE]


def waiting() -> int:
    return Letter.objects.filter(state=LetterState.WAITING).count()


def unopened() -> QuerySet[LetterBatch]:
    return LetterBatch.objects.filter(opened_at__isnull=True, deleted_at__isnull=True).order_by("made_at", "pk")


def batches() -> QuerySet[LetterBatch]:
    counted = LetterBatch.objects.select_related("opened_by").annotate(count=Count("letters"))
    return counted.order_by("-made_at")[:SHOWN]


def batch(pk: UUID) -> LetterBatch:
    """Return a batch of letters. Raises NotYours."""
    return find_or_refuse(
        LetterBatch.objects.filter(pk=pk), _("There is no such batch."), subject=("letter_batch", str(pk))
    )
