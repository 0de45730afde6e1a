"""The tree over the log. Only the sealer writes it, append-only but for leaves; others may write alarms and checks."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from audit.log.actors import Subject

WIDTH = 256
"""Leaves of a full tile, and entries of a full bundle."""


class Leaf(models.Model):
    """An entry or filler that no full tile holds yet. leaf_index: its place, from 0. bytes: to hash (tree.leaves)."""

    leaf_index = models.BigIntegerField(primary_key=True)
    entry = models.BigIntegerField(unique=True)
    bytes = models.BinaryField()

    class Meta:
        db_table = "audit_leaf"
        default_permissions = ()

    def __str__(self) -> str:
        return f"leaf {self.leaf_index}"


class Bundle(models.Model):
    """The bytes of 256 entries and fillers, as tlog-tiles serves them: for each its length in two bytes, and the entry.

    n: the bundle's number; its first leaf is 256 * n. entries: their numbers in the log, in the order of the leaves.
    compressed: the bytes by zlib, a tenth of the size.
    """

    n = models.BigIntegerField(primary_key=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    entries = ArrayField(models.BigIntegerField(), size=WIDTH)
    compressed = models.BinaryField()

    class Meta:
        db_table = "audit_bundle"
        default_permissions = ()

    def __str__(self) -> str:
        return f"bundle {self.n}"


class Tile(models.Model):
    """256 hashes of one level, 8,192 bytes, and the root above them. Only full tiles are stored."""

    pk = models.CompositePrimaryKey("level", "n")
    level = models.SmallIntegerField()
    n = models.BigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField()

    class Meta:
        db_table = "audit_tile"
        default_permissions = ()

    def __str__(self) -> str:
        return f"tile {self.level}/{self.n}"


class Checkpoint(models.Model):
    """A signed tree head, one for each round of the sealer that added leaves; not public."""

    size = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    root = models.BinaryField()
    note = models.TextField()

    class Meta:
        db_table = "audit_checkpoint"
        default_permissions = ()
        # The database also limits the root to 32 bytes: `migrations/0003_tree.py`.
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(size__gt=0), name="audit_checkpoint_root")]

    def __str__(self) -> str:
        return f"{self.size} places"


class Publication(models.Model):
    """A public checkpoint, with the cosignatures of witnesses. At most one an hour."""

    size = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    note = models.TextField()

    class Meta:
        db_table = "audit_publication"
        default_permissions = ()
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(size__gt=0), name="audit_publication_size")]

    def __str__(self) -> str:
        return f"{self.size} places, public since {self.at:%Y-%m-%d %H:%M}"


class LogKey(models.Model):
    """Public half of a key that signs, or signed, checkpoints: `NAME+ID+BASE64`. The newest signs now."""

    verifier = models.TextField(primary_key=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "audit_key"
        default_permissions = ()

    def __str__(self) -> str:
        return self.verifier


class Alarm(models.Model):
    """A fault of the ledger. Staff are told; an administrator or auditor settles it.

    kind: an AlarmKind. what: in words, with the entry concerned. recorded_at: when the alarm's entry was written and
    staff were told. settled_by: an account's id, or the task that saw its end.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=32)
    what = models.TextField()
    raised_at = models.DateTimeField(db_default=Now())
    recorded_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=64, default="", db_default="")

    class Meta:
        db_table = "audit_alarm"
        default_permissions = ()
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True, settled_by="")
                | models.Q(settled_at__isnull=False, settled_by__isnull=False) & ~models.Q(settled_by=""),
                name="audit_alarm_settled",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"

    @property
    def subject(self) -> Subject:
        return Subject("alarm", str(self.pk))


class SelfCheck(models.Model):
    """One run of a check of the ledger: of new entries, each hour, or of the whole log, each night.

    ended_at: None while a check of the whole log is under way. findings: their number. reached: progress, signed
    (`audit.ledger.checks.tree`), "" if nothing may continue from it.
    """

    id = models.BigAutoField(primary_key=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(db_default=Now(), null=True)
    findings = models.PositiveIntegerField()
    is_whole = models.BooleanField(default=False, db_default=False)
    reached = models.TextField(default="", db_default="")

    class Meta:
        db_table = "audit_self_check"
        default_permissions = ()

    def __str__(self) -> str:
        when = f"{self.ended_at:%Y-%m-%d %H:%M}" if self.ended_at else "under way"
        return f"{self.findings} findings, {when}"
