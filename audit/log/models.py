"""The log itself. The database keeps it append-only; see `migrations/0002_guard.py`."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, NoReturn, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models.functions import Now

from audit.log.actors import VISITOR, VISITORS, Actor, ActorKind
from audit.log.events import Event

Row = TypeVar("Row", bound=models.Model)


class InsertOnlyQuerySet(models.QuerySet[Any]):
    def _insert(self, objs: Iterable[models.Model], fields: "Iterable[models.Field[Any, Any]]", **kwargs: Any) -> Any:
        # save() and bulk_create() both end here. PostgreSQL wants the INSERT privilege for every column that a
        # statement names, even if its value is DEFAULT.
        written = [field for field in fields if field.column not in self.model.SET_BY_DATABASE]
        return super()._insert(objs, written, **kwargs)  # type: ignore[misc]


class InsertOnlyManager(models.Manager[Row]):
    def get_queryset(self) -> models.QuerySet[Row]:
        return InsertOnlyQuerySet(self.model, using=self._db)


class DigestField(models.BinaryField):  # type: ignore[type-arg]
    """Bytes without `get_placeholder`: Django sends an array for many rows, which halves the time of 5,000 entries."""

    @property
    def get_placeholder(self) -> NoReturn:
        raise AttributeError

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Appear in migrations as a BinaryField, its type in the database."""
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.BinaryField", arguments, options


class OpaqueIdField(models.UUIDField):  # type: ignore[type-arg]
    """The id of an object of another app, as text; "" for none. 16 bytes in the database instead of 37."""

    # types of its values, for the type checker
    _pyi_private_set_type: str
    _pyi_private_get_type: str  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"null": True, "blank": True, "default": "", **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """Appear in migrations under a path that never changes."""
        name, _path, arguments, options = super().deconstruct()
        for given in ("null", "blank", "default"):
            options.pop(given, None)
        return name, "audit.models.OpaqueIdField", arguments, options

    def from_db_value(self, value: UUID | None, *_: object) -> str:
        return "" if value is None else str(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> str | None:
        """Write "" as NULL. PostgreSQL reads other ids from text."""
        return str(value) if value else None

    def get_prep_value(self, value: Any) -> Any:
        return value

    def to_python(self, value: Any) -> Any:
        """Return text. Raises ValidationError for anything but a UUID."""
        return str(super().to_python(value)) if value else ""


class AuditEntry(models.Model):
    """An act, a look, or a refusal. Never changed, never deleted; no foreign keys, since it outlives its objects.

    A trigger of the database sets `at`, `nonce` and `camera_number`, which counts each camera's entries from 1 with no
    gap. Entries about an owner's name and address (`Event.OWNER_SEEN`) are counted the same way, with the owner's id as
    `camera_id`. The `*_digest` columns are SHA-256(salt || text) of an `AuditDetail`.
    """

    SET_BY_DATABASE: ClassVar[frozenset[str]] = frozenset({"id", "at", "nonce", "camera_number"})

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now(), editable=False)
    nonce = models.BinaryField(max_length=16, db_default=b"", editable=False)
    event = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64)
    actor_role = models.CharField(max_length=32)
    actor_pseudonym = models.CharField(max_length=64)
    sign_in = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    incident_id = OpaqueIdField()
    camera_id = OpaqueIdField()
    camera_number = models.BigIntegerField(db_default=0, editable=False)
    offence_type = models.CharField(max_length=64)
    premises_type = models.CharField(max_length=32)
    area = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    reason_digest = DigestField(max_length=32, null=True)
    address_digest = DigestField(max_length=32, null=True)
    agent_digest = DigestField(max_length=32, null=True)

    objects: ClassVar[InsertOnlyManager[Self]] = InsertOnlyManager()

    class Meta:
        db_table = "audit_entry"
        base_manager_name = "objects"
        default_permissions = ()
        # Indexes by actor, camera, incident, subject, time and words are SQL: `migrations/0002_guard.py`.

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.event} by {self.actor_pseudonym or self.actor_role}"

    @property
    def sentence(self) -> str:
        return str(Event(self.event).sentence)


class AuditDetail(models.Model):
    """Free text that entries name by digest only, SHA-256(salt || UTF-8 text). Texts expire, entries stay provable."""

    class Kind(models.TextChoices):
        REASON = "reason"
        ADDRESS = "address"
        AGENT = "agent"

    SET_BY_DATABASE: ClassVar[frozenset[str]] = frozenset({"at"})

    digest = models.BinaryField(primary_key=True, max_length=32)
    kind = models.CharField(max_length=16, choices=Kind)
    salt = models.BinaryField(max_length=16)
    text = models.TextField()
    incident_id = OpaqueIdField()
    at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[InsertOnlyManager[Self]] = InsertOnlyManager()

    class Meta:
        db_table = "audit_detail"
        base_manager_name = "objects"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} of {self.at:%Y-%m-%d}"


class AuditTally(models.Model):
    """Refusals of one kind in one minute from one address, counted so that repeats do not fill the log.

    Visitors are counted together; for a known actor each refused thing is counted apart. A count becomes one entry.
    """

    minute = models.DateTimeField()
    event = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    actor_kind = models.CharField(max_length=16, default=ActorKind.VISITOR.value)
    actor_id = models.CharField(max_length=64, default="")
    actor_role = models.CharField(max_length=32, default=VISITOR.role)
    actor_pseudonym = models.CharField(max_length=64, default="")
    subject_kind = models.CharField(max_length=32, default=VISITORS.kind)
    subject_id = models.CharField(max_length=64, default="")
    count = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "audit_tally"
        default_permissions = ()
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["minute", "event", "address", "actor_kind", "actor_id", "subject_kind", "subject_id"],
                name="audit_tally_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} x {self.event} at {self.minute:%H:%M}"

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind(self.actor_kind), self.actor_id, self.actor_role, self.actor_pseudonym)

    @property
    def without_entry(self) -> int:
        """Number of refusals without an entry: the first one of a known actor is an entry at once."""
        return self.count if self.actor == VISITOR else self.count - 1


class AuditSighting(models.Model):
    """Views of one thing by one person in an hour, until the repeats become one entry (`audit.log.sightings`).

    seen: number of views, including the first two, which are entries. alike: a digest of the entry's contents and the
    network. together: a digest of the parts that all views of one page share. address, user_agent, reason: texts that
    an entry names by digest only. The database lets `seen` grow by one, and a row be deleted with the entry of `seen`.
    """

    hour = models.DateTimeField()
    alike = models.BinaryField(max_length=32)
    together = models.BinaryField(max_length=32)
    event = models.CharField(max_length=64)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64)
    actor_role = models.CharField(max_length=32)
    actor_pseudonym = models.CharField(max_length=64)
    sign_in = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    user_agent = models.TextField()
    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    incident_id = models.CharField(max_length=64)
    camera_id = models.CharField(max_length=64)
    offence_type = models.CharField(max_length=64)
    premises_type = models.CharField(max_length=32)
    area = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    reason = models.TextField()
    seen = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "audit_sighting"
        default_permissions = ()
        constraints: ClassVar = [models.UniqueConstraint(fields=["hour", "alike"], name="audit_sighting_once")]
        indexes: ClassVar = [models.Index(fields=["actor_id"], name="audit_sighting_actor")]

    def __str__(self) -> str:
        return f"{self.seen} x {self.event} since {self.hour:%H:%M}"

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind(self.actor_kind), self.actor_id, self.actor_role, self.actor_pseudonym)
