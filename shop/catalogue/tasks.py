from celery import shared_task
from django.utils import timezone

from shop.catalogue import files
from shop.rules import HELD_FOR


@shared_task(name="shop.discard_held_papers")
def discard_held_papers() -> int:
    return files.discard_held_before(timezone.now() - HELD_FOR)
