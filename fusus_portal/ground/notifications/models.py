import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.log.actors import Subject
from fusus_portal.ground.notifications.kinds import MessageKind
from fusus_portal.ground.notifications.states import MessageState
from fusus_portal.ground.numbers import MESSAGE, number_of
from fusus_portal.ground.rows import RandomIdRow

CODE_TRIES = 5


class OnlyTextAndNumbers(Func):
    """True if every value of a JSON object is a string or a number."""

    template = "NOT jsonb_path_exists(%(expressions)s)"
    output_field = models.BooleanField()


class By(models.TextChoices):
    EMAIL = "email", _("Mail")
    TEXT = "text", _("Text message")


class Message(models.Model):
    """A message to one person, from its act to its delivery.

    message_id: RFC 5322; never changes, so that a second delivery is recognized. subject_kind, subject_id: as in the
    audit log. to: an e-mail address, or a number such as +12055550117. Emptied with `context` once sent: the portal
    keeps the fact, not the address. waits_for: audit entry whose receipt the message links to; it waits for that
    entry's seal, at most ten minutes. offered_at: last offer to the workers, or None. claimed_at: when one took it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40, choices=MessageKind)
    channel = models.CharField(max_length=10, choices=By, default=By.EMAIL)
    to = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=10)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    context = models.JSONField(default=dict, blank=True)
    message_id = models.CharField(max_length=255, unique=True, editable=False)
    waits_for = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=120, blank=True)
    queued_at = models.DateTimeField(default=timezone.now)
    offered_at = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="message_kind_in_list", condition=Q(kind__in=MessageKind.values)),
            models.CheckConstraint(name="message_channel_in_list", condition=Q(channel__in=By.values)),
            models.CheckConstraint(name="message_state_in_list", condition=Q(state__in=MessageState.values)),
            models.CheckConstraint(
                name="message_claimed_while_sending",
                condition=Q(state=MessageState.SENDING, claimed_at__isnull=False)
                | (~Q(state=MessageState.SENDING) & Q(claimed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_sent_has_time_and_no_address",
                condition=Q(state=MessageState.SENT, sent_at__isnull=False, to="", context={})
                | (~Q(state=MessageState.SENT) & Q(sent_at__isnull=True) & ~Q(to="")),
            ),
            models.CheckConstraint(
                name="message_failed_has_time",
                condition=Q(state=MessageState.FAILED, failed_at__isnull=False)
                | (~Q(state=MessageState.FAILED) & Q(failed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_context_text_and_numbers",
                condition=OnlyTextAndNumbers(
                    F("context"), Value('strict $.* ? (@.type() != "string" && @.type() != "number")')
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state", "offered_at"],
                name="message_undelivered",
                condition=Q(state__in=[MessageState.QUEUED, MessageState.SENDING]),
            ),
            models.Index(fields=["channel", "sent_at"], name="message_sent", condition=Q(state=MessageState.SENT)),
            models.Index(fields=["subject_kind", "subject_id"], name="message_subject"),
            models.Index(fields=["to"], name="message_to", condition=~Q(to="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def subject(self) -> Subject:
        return Subject(self.subject_kind, self.subject_id)

    @property
    def number(self) -> str:
        """A short number, for the subject of messages about things that have none."""
        return number_of(MESSAGE, self.id)


class TextNumber(RandomIdRow):
    """A phone number for texts, confirmed or not.

    requests, looks: kinds of texts wanted. code_seed, code_at: of the last code, which is derived from seed, id and
    SECRET_KEY and never stored. tries: wrong codes typed. confirmed_at: before it only the code is sent. stopped_at:
    answered STOP. unreachable_at: the provider says that it takes no texts. failed_at: last undelivered text.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="text_number")
    number = models.CharField(max_length=12, db_index=True)
    requests = models.BooleanField(default=True)
    looks = models.BooleanField(default=False)
    code_seed = models.CharField(max_length=32, editable=False)
    code_at = models.DateTimeField(default=timezone.now, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    unreachable_at = models.DateTimeField(null=True, blank=True, editable=False)
    failed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="text_number_is_one_of_the_us", condition=Q(number__regex=r"^\+1\d{10}$")),
            models.CheckConstraint(name="text_number_tries_are_bounded", condition=Q(tries__lte=CODE_TRIES)),
            models.CheckConstraint(name="text_number_wants_something", condition=Q(requests=True) | Q(looks=True)),
        ]

    def __str__(self) -> str:
        return f"text number {self.pk}"

    @property
    def subject(self) -> Subject:
        """The number's account, as the subject of entries."""
        return Subject("account", str(self.user_id))

    @property
    def is_on(self) -> bool:
        return self.confirmed_at is not None and self.stopped_at is None and self.unreachable_at is None


class StoppedNumber(RandomIdRow):
    """A number that answered STOP and not yet START, for all accounts. digest: keyed digest of the number."""

    digest = models.CharField(max_length=64, unique=True)
    stopped_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"stopped number {self.pk}"
