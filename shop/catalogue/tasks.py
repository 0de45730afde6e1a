from celery import shared_task
from django.utils import timezone

from shop.catalogue import held_papers
from shop.rules import HELD_FOR


@shared_task(name="shop.discard_held_papers")
def discard_held_papers() -> int:
    return held_papers.discard_before(timezone.now() - HELD_FOR)
