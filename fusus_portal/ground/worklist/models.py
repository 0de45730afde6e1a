from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from fusus_portal.ground.rows import RandomIdRow


class WorkNotice(RandomIdRow):
    """A notice that a person got, once, of a waiting thing; what that is about is not stored.

    source: kind of the thing. subject_id: as in the log. due: its time when the notice went; a thing that waits anew
    has another. is_reminder: sent shortly before that time.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="work_notices")
    source = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    due = models.DateTimeField(null=True, blank=True)
    is_reminder = models.BooleanField(default=False)
    told_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "source", "subject_id", "due", "is_reminder"],
                name="work_notice_once",
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["told_at"], name="work_notice_told_at")]

    def __str__(self) -> str:
        return f"{self.source} {self.subject_id} to {self.person_id}"


class WorkSeen(models.Model):
    """A row of the start page that a person saw, first at `seen_at`; what it is about is not stored.

    key: of its `WorkItem`. opened_at: when the person opened it; news waits no longer then.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="work_seen")
    key = models.UUIDField()
    seen_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "work seen"
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "key"], name="work_seen_once")]
        indexes: ClassVar = [models.Index(fields=["seen_at"], name="work_seen_at")]

    def __str__(self) -> str:
        return f"{self.key} seen by {self.person_id}"
