from fusus_portal.ground.agency.models.agency import Agency
from fusus_portal.ground.agency.models.documents import Announcement, Document, DocumentKind
from fusus_portal.ground.agency.models.message_texts import MessageText
from fusus_portal.ground.agency.models.one_row import OneRow

__all__ = ["Agency", "Announcement", "Document", "DocumentKind", "MessageText", "OneRow"]
