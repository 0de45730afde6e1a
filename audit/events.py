"""The closed list of events. An act that is not here can't be recorded, and so can't be done.

To add one: a member of `Event` in its area ("area:thing:act"), in `audit.event_names`, and here its `EventType` with
the sentence that people read. A repository test fails while either is missing.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.event_names import Event
from fusus_portal.lifecycle import Denied, NotYours, Refused, Stale

__all__ = ["EVENTS", "KEPT", "REFUSALS", "Event", "EventType"]

KEPT = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class EventType:
    """What the product knows of an event.

    sentence: what an owner or auditor reads; it completes "<who> ...".
    owner: the owner of the camera sees it. counted: it feeds the public report.
    agency: people who work on the incident see it. Never what would tell a refusal from silence (promise R4).
    """

    sentence: str | Promise
    owner: bool = False
    agency: bool = False
    counted: bool = False
    kept: timedelta = KEPT


EVENTS: dict[Event, EventType] = {
    Event.REGISTRANT_REGISTERED: EventType(_("joined the registry"), counted=True),
    Event.REGISTRANT_CHANGED: EventType(_("changed contact details")),
    Event.REGISTRANT_EXPORTED: EventType(_("took a copy of their own data")),
    Event.REGISTRANT_LEFT: EventType(_("left the registry"), counted=True),
    Event.PREMISES_ADDED: EventType(_("added a place")),
    Event.PREMISES_PLACED: EventType(_("placed a pin")),
    Event.PREMISES_CHANGED: EventType(_("changed what a place is called")),
    Event.PREMISES_REMOVED: EventType(_("removed a place")),
    Event.CAMERA_ADDED: EventType(_("added this camera"), owner=True, counted=True),
    Event.CAMERA_CHANGED: EventType(_("changed this camera"), owner=True),
    Event.CAMERA_REMOVED: EventType(_("removed this camera"), owner=True, counted=True),
    Event.CAMERA_PAUSED: EventType(_("paused this camera"), owner=True),
    Event.CAMERA_RESUMED: EventType(_("ended the pause of this camera"), owner=True),
    Event.SNAPSHOT_KEPT: EventType(_("added a picture of what this camera sees"), owner=True),
    Event.SNAPSHOT_REMOVED: EventType(_("removed the picture of what this camera sees"), owner=True),
    Event.PREMISES_MOVED: EventType(_("moved a place to a new address"), counted=True),
    Event.PREMISES_CLOSED: EventType(_("closed a place after moving out of the area"), counted=True),
    Event.CAMERA_MOVED: EventType(_("took this camera along to a new address"), owner=True),
    Event.DRAFT_BEGUN: EventType(_("began to register")),
    Event.DRAFT_DISCARDED: EventType(_("started a registration over")),
    Event.DRAFT_REMINDED: EventType(_("wrote that a registration can be gone on with")),
    Event.DRAFT_EXPIRED: EventType(_("deleted a registration that nobody finished")),
    Event.COUNTY_AGENCY_ADDED: EventType(_("added the agency of another county")),
    Event.COUNTY_AGENCY_CHANGED: EventType(_("changed the agency of another county")),
    Event.COUNTY_AGENCY_REMOVED: EventType(_("removed the agency of another county")),
    Event.COUNTY_AGENCIES_IMPORTED: EventType(_("imported agencies of other counties")),
    Event.COUNTY_AGENCIES_EXPORTED: EventType(_("took a copy of the table of agencies by county")),
    Event.LEAD_OPENED: EventType(_("asked that the agency of another county be invited"), counted=True),
    Event.LEAD_CONTACTED: EventType(_("wrote down that the agency of another county was contacted")),
    Event.LEAD_ANSWERED: EventType(_("wrote down that the agency of another county answered")),
    Event.LEAD_JOINED: EventType(_("wrote down that the agency of another county joined"), counted=True),
    Event.LEAD_DECLINED: EventType(_("wrote down that the agency of another county declined"), counted=True),
    Event.LEAD_CLOSED: EventType(_("closed an outreach lead and deleted who it names")),
    Event.LEAD_NOTED: EventType(_("wrote a note about an outreach lead")),
    Event.LEAD_SHOWN: EventType(_("saw the name and e-mail address of an outreach lead")),
    Event.LEADS_REPORTED: EventType(_("reported how many outreach leads each county has")),
    Event.INCIDENT_OPENED: EventType(_("opened an incident"), agency=True, counted=True),
    Event.INCIDENT_CHANGED: EventType(_("changed what an incident is, where or when"), agency=True, counted=True),
    Event.INCIDENT_VERIFIED: EventType(_("verified an incident"), agency=True, counted=True),
    Event.INCIDENT_ASSIGNED: EventType(_("assigned a person to an incident"), agency=True),
    Event.INCIDENT_UNASSIGNED: EventType(_("took a person off an incident"), agency=True),
    Event.INCIDENT_CLOSED: EventType(_("closed an incident"), agency=True, counted=True),
    Event.INCIDENT_VIEWED: EventType(_("looked at an incident")),
    Event.INCIDENT_PRINTED: EventType(_("took the story of an incident on paper")),
    Event.INCIDENTS_LISTED: EventType(_("looked through the list of incidents")),
    Event.INCIDENT_TYPE_ADDED: EventType(_("put a crime or emergency on the agency's list"), counted=True),
    Event.INCIDENT_TYPE_CHANGED: EventType(_("changed a crime or emergency of the agency's list"), counted=True),
    Event.INCIDENT_TYPE_RETIRED: EventType(_("took a crime or emergency off the agency's list"), counted=True),
    Event.INCIDENT_TYPE_RESTORED: EventType(_("put a crime or emergency back on the agency's list"), counted=True),
    Event.NUMBER_FORMAT_CHANGED: EventType(_("chose how incident numbers are written")),
    Event.CANVASS_DRAFTED: EventType(_("prepared a canvass"), agency=True, counted=True),
    Event.CANVASS_VIEWED: EventType(_("looked at a canvass")),
    Event.CANVASS_CHANGED: EventType(_("changed a canvass, which ends any approval of it"), agency=True),
    Event.CANVASS_APPROVAL_ASKED: EventType(_("asked a supervisor to approve a canvass"), agency=True),
    Event.CANVASS_APPROVED: EventType(_("approved a canvass beyond the limits"), agency=True, counted=True),
    Event.CANVASS_DENIED: EventType(_("denied a canvass beyond the limits"), agency=True, counted=True),
    Event.CANVASS_LEFT_OUT: EventType(_("left cameras out of a canvass"), agency=True),
    Event.CANVASS_PUT_BACK: EventType(_("put cameras back into a canvass"), agency=True),
    Event.CANVASS_SENT: EventType(_("sent a canvass"), agency=True, counted=True),
    Event.CANVASS_FOLLOWED: EventType(_("followed the replies to a canvass")),
    Event.CANVASS_WITHDRAWN: EventType(_("took back what still waits of a canvass"), agency=True),
    Event.CANVASS_EXPIRED: EventType(_("let a canvass expire"), agency=True),
    Event.CANVASS_CLOSED: EventType(_("closed a canvass"), agency=True),
    Event.PURPOSE_ADDED: EventType(_("added a purpose that footage may be asked for")),
    Event.PURPOSE_CHANGED: EventType(_("changed a purpose that footage may be asked for")),
    Event.PURPOSE_RETIRED: EventType(_("took a purpose off the list")),
    Event.PURPOSE_RESTORED: EventType(_("put a purpose back on the list")),
    Event.CAMERA_FOUND: EventType(_("searched the area and found this camera"), owner=True, counted=True),
    Event.CAMERA_SHOWN: EventType(_("saw this camera and its address in a canvass"), owner=True, counted=True),
    Event.CAMERA_ASKED: EventType(_("asked for footage from this camera"), owner=True, counted=True),
    Event.REQUEST_SENT: EventType(_("sent a footage request"), counted=True),
    Event.REQUEST_REMINDED: EventType(_("reminded an owner of a footage request")),
    Event.REQUEST_ANSWERED_NONE: EventType(_("answered that there is no footage"), agency=True, counted=True),
    Event.REQUEST_DECLINED: EventType(_("preferred not to give footage"), counted=True),
    Event.REQUEST_ANSWERED_FOOTAGE: EventType(_("gave footage"), agency=True, counted=True),
    Event.REQUEST_WITHDRAWN: EventType(_("withdrew a footage request")),
    Event.REQUEST_EXPIRED: EventType(_("let a footage request expire")),
    Event.UPLOAD_STARTED: EventType(_("started to send a file")),
    Event.UPLOAD_FINISHED: EventType(_("sent a whole file")),
    Event.UPLOAD_REFUSED: EventType(_("refused a file")),
    Event.UPLOAD_REMOVED: EventType(_("removed a file before giving it")),
    Event.EVIDENCE_RECEIVED: EventType(_("received a file as evidence"), agency=True, counted=True),
    Event.EVIDENCE_OPENED: EventType(_("looked at what is known of a file")),
    Event.EVIDENCE_VIEWED: EventType(_("played the footage"), agency=True, owner=True, counted=True),
    Event.EVIDENCE_DOWNLOADED: EventType(_("downloaded the footage"), agency=True, owner=True, counted=True),
    Event.EVIDENCE_LISTED: EventType(_("looked at the list of an incident's footage")),
    Event.FILE_DESCRIBED: EventType(_("said which camera a file is from and when it starts"), agency=True),
    Event.RETENTION_ADDED: EventType(_("added a category of how long footage is kept")),
    Event.RETENTION_CHANGED: EventType(_("changed a category of how long footage is kept")),
    Event.EVIDENCE_CLASSIFIED: EventType(_("changed how long the footage is kept"), agency=True),
    Event.HOLD_PLACED: EventType(_("placed a legal hold"), agency=True, counted=True),
    Event.HOLD_LIFTED: EventType(_("lifted a legal hold"), agency=True, counted=True),
    Event.DELETION_ANNOUNCED: EventType(_("announced the deletion of the footage"), agency=True),
    Event.EVIDENCE_ENDED: EventType(_("began to delete the footage: the time to keep it is over"), agency=True),
    Event.EVIDENCE_DELETED: EventType(_("deleted the footage"), agency=True, owner=True, counted=True),
    Event.LOOKS_COPIED: EventType(_("took a copy of the list of who looked")),
    Event.LOOKS_DELAYED: EventType(_("delayed what the owner can read about an incident"), owner=True, counted=True),
    Event.LOOKS_DELAY_RENEWED: EventType(
        _("delayed once more what the owner can read about an incident"), owner=True, counted=True
    ),
    Event.LOOKS_DELAY_ENDED: EventType(_("ended that delay early"), owner=True, counted=True),
    Event.NOTICES_CHANGED: EventType(_("changed how often mails about looks come")),
    Event.MESSAGE_SENT: EventType(_("handed a message to the mail server")),
    Event.MESSAGE_FAILED: EventType(_("could not deliver a message")),
    Event.SIGNED_UP: EventType(_("made an account"), counted=True),
    Event.EMAIL_CONFIRMED: EventType(_("confirmed an e-mail address")),
    Event.EMAIL_CHANGED: EventType(_("changed the e-mail address of the account")),
    Event.CONTACT_CHANGED: EventType(_("changed their name or call-back number")),
    Event.SIGNED_IN: EventType(_("signed in")),
    Event.SIGN_IN_FAILED: EventType(_("failed to sign in")),
    Event.SIGNED_OUT: EventType(_("signed out")),
    Event.SESSION_ENDED: EventType(_("ended a sign-in of their own")),
    Event.SESSION_TIMED_OUT: EventType(_("was signed out by the clock")),
    Event.NOTICE_ACKNOWLEDGED: EventType(_("acknowledged the system-use notice")),
    Event.REAUTHENTICATED: EventType(_("proved again who they are")),
    Event.PASSWORD_CHANGED: EventType(_("changed a password")),
    Event.FACTOR_ADDED: EventType(_("added a passkey, app or set of recovery codes")),
    Event.FACTOR_REMOVED: EventType(_("removed a passkey, app or set of recovery codes")),
    Event.ACCOUNT_LOCKED: EventType(_("locked an account after failed sign-ins"), counted=True),
    Event.ACCOUNT_RELEASED: EventType(_("released a locked account"), counted=True),
    Event.ACCOUNT_DISABLED: EventType(_("disabled an account"), counted=True),
    Event.ACCOUNT_ENABLED: EventType(_("enabled an account"), counted=True),
    Event.ACCOUNT_DELETED: EventType(_("deleted an account whose address was never confirmed")),
    Event.ACCOUNT_ROLE_CHANGED: EventType(_("changed the role of an account"), counted=True),
    Event.ROLE_CHANGE_PROPOSED: EventType(_("proposed a change to an agency account")),
    Event.ROLE_CHANGE_APPROVED: EventType(_("approved a change to an agency account")),
    Event.ROLE_CHANGE_ACCEPTED: EventType(_("accepted an invitation"), counted=True),
    Event.ROLE_CHANGE_CANCELLED: EventType(_("canceled a change to an agency account")),
    Event.ROLE_CHANGE_EXPIRED: EventType(_("let a change to an agency account expire")),
    Event.PEOPLE_LISTED: EventType(_("looked at the list of agency accounts")),
    Event.LOG_OPENED: EventType(_("opened the audit log")),
    Event.ACT_REFUSED: EventType(_("was refused")),
    Event.ACT_STALE: EventType(_("came too late")),
    Event.ACT_NOT_FOUND: EventType(_("asked for something that is not theirs, or not there")),
    Event.VISITOR_REFUSED: EventType(_("was refused, not signed in")),
}

REFUSALS: dict[type[Denied], Event] = {
    Refused: Event.ACT_REFUSED,
    Stale: Event.ACT_STALE,
    NotYours: Event.ACT_NOT_FOUND,
}
"""What a refused act is in the log, whether a person's or a task's."""
