from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log.events import Event
from audit.log.services import record
from fusus_portal.ground.access.permissions import Permission, demand
from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.agency.models import Document, DocumentKind
from fusus_portal.ground.agency.services import announcements
from fusus_portal.ground.lifecycle import Stale


def publish(*, by: User, kind: str, number: int, text_en: str, text_es: str, names_glass: bool = False) -> Document:
    """Publish and announce a version. number: the expected one. Raises Refused, Stale, ValidationError by field."""
    demand(by, Permission.ADMINISTER)
    with transaction.atomic():
        latest = Document.objects.select_for_update(no_key=True).filter(kind=kind).order_by("-number").first()
        if latest is None or latest.number + 1 != number:
            sentence = _("Another version was published since you opened this page. Nothing of yours was published.")
            raise Stale(sentence, subject=latest.subject if latest else None)
        if (text_en, text_es, names_glass) == (latest.text_en, latest.text_es, latest.names_glass):
            raise ValidationError({"text_en": _("Nothing differs from the version before.")})
        document = Document(
            kind=DocumentKind(kind),
            number=number,
            published_at=timezone.now(),
            publisher=by,
            text_en=text_en,
            text_es=text_es,
            names_glass=names_glass,
        )
        document.full_clean()
        document.save(force_insert=True)
        facts: dict[str, int | str] = {"kind": document.kind, "number": number}
        record(event=Event.DOCUMENT_PUBLISHED, actor=by.actor, subject=document.subject, facts=facts)
        announcements.announce(name=document.kind, number=number, actor=by.actor)
    return document
