from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from fusus_portal.ground.accounts.models import User
from registry.canvasses.models.canvasses import Canvass
from registry.canvasses.models.replies import ReplySeen
from registry.canvasses.selectors import replies


def see(*, canvasses: Iterable[Canvass], by: User) -> None:
    """Record that a person saw the replies to these canvasses. The page that shows them writes its own entry.

    A part of a page that is fetched again and again is no look: nobody may sit in front of it.
    """
    now = timezone.now()
    with transaction.atomic():
        fresh = replies.new_to(by).filter(canvass__in=list(canvasses)).order_by("pk")
        ReplySeen.objects.bulk_create(
            [
                ReplySeen(request_id=pk, person=by, replied_at=replied_at, seen_at=now)
                for pk, replied_at in fresh.values_list("pk", "replied_at")
                if replied_at is not None
            ],
            update_conflicts=True,
            unique_fields=["request", "person"],
            update_fields=["replied_at", "seen_at"],
        )
