"""How the services of the agency's data are called."""

from audit.log.events import Event
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency import services as agency
from fusus_portal.ground.agency.models import Agency, Document
from fusus_portal.ground.agency.selectors import in_force
from fusus_portal.ground.agency.sentences import Added
from fusus_portal.ground.notifications.kinds import MessageKind
from registry.limits import services
from registry.limits.models import Limits
from registry.people.services import registrants
from tests.audit.acts import Act, calls
from tests.factories import person, registrant_at

ADDED = {"en": Added(opening="Thank you for your help."), "es": Added(opening="Gracias por su ayuda.")}


@calls(agency.change_agency, Event.AGENCY_CHANGED)
def change_agency() -> Act:
    by, revision = person(Role.ADMINISTRATOR), Agency.current().revision
    return lambda: agency.change_agency(by=by, revision=revision, name="Shelby County Sheriff's Office")


@calls(agency.change_seal, Event.SEAL_CHANGED)
def change_seal() -> Act:
    by, row = person(Role.ADMINISTRATOR), Agency.current()
    Agency.objects.update(seal="ab" * 32)
    return lambda: agency.change_seal(by=by, revision=row.revision, seal="")


@calls(agency.publish_document, Event.DOCUMENT_PUBLISHED)
def publish() -> Act:
    by, latest = person(Role.ADMINISTRATOR), Document.objects.get(kind="terms")
    english, spanish = f"{latest.text_en} More.", f"{latest.text_es} Más."
    return lambda: agency.publish_document(by=by, kind="terms", number=2, text_en=english, text_es=spanish)


@calls(agency.announce_due_versions, Event.WORDS_ANNOUNCED)
def announce_words() -> Act:
    Document.objects.create(kind="terms", number=2, text_en="More. " * 50, text_es="Más. " * 60)
    return agency.announce_due_versions


@calls(agency.change_message_texts, Event.MESSAGE_TEXT_CHANGED)
def change_text() -> Act:
    by = person(Role.ADMINISTRATOR)
    return lambda: agency.change_message_texts(by=by, kind=MessageKind.FOOTAGE_REQUEST, texts=ADDED)


@calls(agency.reset_message_texts, Event.MESSAGE_TEXT_RESET)
def reset_text() -> Act:
    by = person(Role.ADMINISTRATOR)
    agency.change_message_texts(by=by, kind=MessageKind.FOOTAGE_REQUEST, texts=ADDED)
    return lambda: agency.reset_message_texts(by=by, kind=MessageKind.FOOTAGE_REQUEST)


@calls(services.change, Event.LIMITS_CHANGED)
def change_limits() -> Act:
    by, revision = person(Role.ADMINISTRATOR), Limits.current().revision
    return lambda: services.change(by=by, revision=revision, link_life_days=14)


@calls(registrants.agree, Event.REGISTRANT_AGREED)
def agree() -> Act:
    registrant = registrant_at()
    shown = [document.pk for document in in_force()]
    return lambda: registrants.agree(registrant=registrant, by=registrant.user, documents=shown)
