from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from fusus_portal.ground.accounts.models import staff_key
from fusus_portal.ground.rows import Recorded, Stepped, both_or_none
from registry.letters.states import IN_FORCE, LETTER, LetterState
from registry.places.models import Premises
from registry.rules import LETTER_TRIES


class LetterBatch(Recorded):
    """Letters in one file, which a clerk opens once. size: number of letters.

    deleted_at: when the file was deleted, opened or not. The key of the file is in a table that the application can't
    read: the database returns it for a ticket.
    """

    subject_kind = "letter_batch"

    size = models.PositiveSmallIntegerField(editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    opened_by = staff_key()
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "letter batches"
        constraints: ClassVar = [
            both_or_none("letter_batch_opened_pair", "opened_by", "opened_at"),
            models.CheckConstraint(
                name="letter_batch_deleted_later", condition=Q(deleted_at=None) | Q(deleted_at__gte=F("made_at"))
            ),
            models.CheckConstraint(name="letter_batch_size", condition=Q(size__gt=0)),
        ]


class Letter(Stepped):
    """A letter with a code to the resident of a place. tries: wrong codes since printing. salt, digest: of the code."""

    subject_kind = "letter"
    lifecycle = LETTER

    premises = models.ForeignKey(Premises, on_delete=models.CASCADE, related_name="letters")
    state = models.CharField(max_length=7, choices=LetterState, default=LetterState.WAITING, editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    batch = models.ForeignKey(LetterBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="letters")
    printed_at = models.DateTimeField(null=True, blank=True, editable=False)
    salt = models.BinaryField(max_length=16, null=True, editable=False)
    digest = models.BinaryField(max_length=32, null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="letter_state_in_list", condition=Q(state__in=LetterState.values)),
            both_or_none("letter_printed_whole", "batch", "printed_at", "salt", "digest"),
            models.CheckConstraint(
                name="letter_state_has_batch",
                condition=Q(state=LetterState.WAITING, batch__isnull=True)
                | Q(state__in=[LetterState.PRINTED, LetterState.USED], batch__isnull=False)
                | Q(state=LetterState.ENDED),
            ),
            models.CheckConstraint(name="letter_tries_range", condition=Q(tries__lte=LETTER_TRIES)),
            models.UniqueConstraint(fields=["premises"], name="letter_one_for_place", condition=Q(state__in=IN_FORCE)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], name="letter_waiting", condition=Q(state=LetterState.WAITING)),
        ]
