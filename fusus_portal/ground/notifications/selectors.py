from collections.abc import Mapping, Sequence

from django.conf import settings

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.notifications.kinds import TextWish
from fusus_portal.ground.notifications.models import TextNumber


def numbers_of(emails: Sequence[str], wish: TextWish) -> Mapping[str, str]:
    """Return numbers that want this kind, by their accounts' e-mail address: one query."""
    rows = TextNumber.objects.filter(user__email__in=emails, stopped_at=None)
    if wish is not TextWish.CODE:
        rows = rows.filter(confirmed_at__isnull=False, unreachable_at=None, **{wish.value: True})
    return dict(rows.values_list("user__email", "number"))


def number_of(user: User) -> TextNumber | None:
    return TextNumber.objects.filter(user=user).first()


def language_of(number: str) -> str:
    rows = TextNumber.objects.filter(number=number).order_by("pk")
    return rows.values_list("user__language", flat=True).first() or settings.LANGUAGE_CODE
