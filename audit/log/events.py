"""The closed list of events. An act that is not here can't be recorded, and so can't be done."""

from datetime import timedelta
from enum import StrEnum
from typing import Final, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fusus_portal.ground.lifecycle import NotYours, Refused, Stale

KEPT: Final = timedelta(days=3 * 365)
"""Period in which entries matter (CJIS AU-11 asks for a year at least)."""

OWNER: Final = "owner"
"""The owner of the camera sees entries of the event."""

AGENCY: Final = "agency"
"""People who work on the incident see its entries. Never an event that tells a decline from silence (promise R4)."""


class Event(StrEnum):
    """Everything that the portal records: "area:thing:act", a sentence, and who may read its entries.

    sentence: completes "<who> ..." for an owner or auditor; for an activated CORE it is complete. Without OWNER or
    AGENCY only auditors see the event.
    """

    _value_: str
    sentence: str | Promise
    owner: bool
    agency: bool

    def __new__(cls, name: str, sentence: str | Promise = "", *marks: str) -> Self:
        event = str.__new__(cls, name)
        event._value_ = name
        event.sentence, event.owner, event.agency = sentence, OWNER in marks, AGENCY in marks
        return event

    # People and places
    REGISTRANT_REGISTERED = "registry:registrant:register", _("joined the registry")
    REGISTRANT_CHANGED = "registry:registrant:change", _("changed contact details")
    REGISTRANT_AGREED = "registry:registrant:agree", _("agreed to a version of the terms or the privacy statement")
    REGISTRANT_EXPORTED = "registry:registrant:export", _("took a copy of their own data")
    REGISTRANT_LEFT = "registry:registrant:leave", _("left the registry")
    PREMISES_ADDED = "registry:premises:add", _("added a place")
    PREMISES_PLACED = "registry:premises:place", _("placed a pin")
    PREMISES_CHANGED = "registry:premises:change", _("changed what a place is called")
    PREMISES_REMOVED = "registry:premises:remove", _("removed a place")
    PREMISES_READ = "registry:premises:read", _("read where this camera is, since its address is not known"), OWNER
    PREMISES_KNOWN = "registry:premises:know", _("noted that the address of a place is right")
    PREMISES_CONFIRMED = "registry:premises:confirm", _("confirmed this place"), OWNER
    PREMISES_UNCONFIRMED = "registry:premises:unconfirm", _("moved this place, which is no longer confirmed"), OWNER
    DOOR_CONFIRMED = "registry:premises:door", _("wrote down that this place was confirmed at the door"), OWNER
    CAMERA_ADDED = "registry:camera:add", _("added this camera"), OWNER
    CAMERA_CHANGED = "registry:camera:change", _("changed this camera"), OWNER
    CAMERA_REMOVED = "registry:camera:remove", _("removed this camera"), OWNER
    CAMERA_PAUSED = "registry:camera:pause", _("paused this camera"), OWNER
    CAMERA_RESUMED = "registry:camera:resume", _("ended the pause of this camera"), OWNER
    SNAPSHOT_KEPT = "registry:snapshot:keep", _("added a picture of what this camera sees"), OWNER
    SNAPSHOT_REMOVED = "registry:snapshot:remove", _("removed the picture of what this camera sees"), OWNER
    # Letters that confirm a place
    LETTER_ASKED = "registry:letter:ask", _("asked for a letter with a code")
    LETTER_PRINTED = "registry:letter:print", _("put a letter into a batch")
    LETTER_PUT_BACK = "registry:letter:put-back", _("put a letter back that nobody printed")
    LETTER_OPENED = "registry:letter:open", _("opened the letter to this address, to send it"), OWNER
    LETTER_USED = "registry:letter:use", _("typed the code from a letter")
    LETTER_REFUSED = "registry:letter:refuse", _("typed a wrong code from a letter")
    LETTER_ENDED = "registry:letter:end", _("ended a letter")
    LETTERS_MADE = "registry:letters:make", _("made a batch of letters")
    LETTERS_OPENED = "registry:letters:open", _("opened a batch of letters")
    LETTERS_DELETED = "registry:letters:delete", _("deleted the file of a batch of letters")
    # An agency's former registry brought in, and its registry exported
    IMPORT_UPLOADED = "registry:import:upload", _("brought a file of the office's former registry")
    IMPORT_SHOWN = "registry:import:show", _("looked at the first rows of an import")
    IMPORT_CHECKED = "registry:import:check", _("had an import checked")
    IMPORT_COUNTED = "registry:import:count", _("checked an import")
    IMPORT_STARTED = "registry:import:start", _("started an import")
    IMPORT_FINISHED = "registry:import:finish", _("finished an import")
    IMPORT_FAILED = "registry:import:fail", _("stopped an import after a fault")
    IMPORT_DISCARDED = "registry:import:discard", _("discarded an import before it began")
    IMPORT_FORGOTTEN = "registry:import:forget", _("deleted the file of an import that had stopped")
    IMPORT_UNDO_STARTED = "registry:import:undo", _("began to undo an import")
    IMPORT_UNDONE = "registry:import:undone", _("undid an import")
    IMPORT_MAILING = "registry:import:mail", _("had the people of an import written to")
    IMPORT_WROTE = "registry:import:write", _("wrote to people of an import")
    REGISTRANT_IMPORTED = "registry:registrant:import", _("brought a registration from the office's former registry")
    REGISTRANT_CLAIMED = "registry:registrant:claim", _("took over their own imported registration")
    REGISTRANT_TAKEN_OUT = "registry:registrant:take-out", _("removed a registration with its undone import")
    INVITATION_DECLINED = "registry:invitation:decline", _("said no to an invitation and was deleted")
    INVITATIONS_EXPIRED = "registry:invitation:expire", _("deleted invitations that nobody took up")
    EXPORT_PROPOSED = "registry:export:propose", _("asked for a copy of the whole registry")
    EXPORT_APPROVED = "registry:export:approve", _("approved a copy of the whole registry")
    EXPORT_CANCELLED = "registry:export:cancel", _("canceled a copy of the whole registry")
    EXPORT_MADE = "registry:export:make", _("made a copy of the whole registry")
    EXPORT_RENEWED = "registry:export:renew", _("had a copy of the whole registry made again without them")
    EXPORT_TAKEN = "registry:export:take", _("downloaded a copy of the whole registry")
    EXPORT_EXPIRED = "registry:export:expire", _("deleted a copy of the registry that nobody took")
    CAMERA_EXPORTED = "registry:camera:export", _("put this camera into a copy of the whole registry"), OWNER
    PREMISES_MOVED = "registry:premises:move", _("moved a place to a new address")
    PREMISES_CLOSED = "registry:premises:close", _("closed a place after moving out of the area")
    CAMERA_MOVED = "registry:camera:move", _("moved this camera to a new address"), OWNER
    # Registrations that are not finished
    DRAFT_BEGUN = "registry:draft:begin", _("began to register")
    DRAFT_DISCARDED = "registry:draft:discard", _("started a registration over")
    DRAFT_REMINDED = "registry:draft:remind", _("wrote that a registration can be resumed")
    DRAFT_EXPIRED = "registry:draft:expire", _("deleted a registration that nobody finished")
    # Agencies of other counties, and asking them to join
    COUNTY_AGENCY_ADDED = "registry:county-agency:add", _("added the agency of another county")
    COUNTY_AGENCY_CHANGED = "registry:county-agency:change", _("changed the agency of another county")
    COUNTY_AGENCY_REMOVED = "registry:county-agency:remove", _("removed the agency of another county")
    COUNTY_AGENCIES_IMPORTED = "registry:county-agencies:import", _("imported agencies of other counties")
    COUNTY_AGENCIES_EXPORTED = "registry:county-agencies:export", _("took a copy of the table of agencies by county")
    LEAD_OPENED = "registry:lead:open", _("asked that the agency of another county be invited")
    LEAD_CONTACTED = "registry:lead:contact", _("wrote down that the agency of another county was contacted")
    LEAD_ANSWERED = "registry:lead:answer", _("wrote down that the agency of another county answered")
    LEAD_JOINED = "registry:lead:join", _("wrote down that the agency of another county joined")
    LEAD_DECLINED = "registry:lead:decline", _("wrote down that the agency of another county declined")
    LEAD_CLOSED = "registry:lead:close", _("closed an outreach lead and deleted who it names")
    LEAD_NOTED = "registry:lead:note", _("wrote a note about an outreach lead")
    LEAD_SHOWN = "registry:lead:show", _("saw the name and e-mail address of an outreach lead")
    LEADS_REPORTED = "registry:leads:report", _("reported how many outreach leads each county has")
    # Incidents
    INCIDENT_OPENED = "registry:incident:open", _("opened an incident"), AGENCY
    INCIDENT_CHANGED = "registry:incident:change", _("changed what an incident is, where or when"), AGENCY
    INCIDENT_VERIFIED = "registry:incident:verify", _("verified an incident"), AGENCY
    INCIDENT_SENT_BACK = "registry:incident:send-back", _("sent an incident back to be corrected"), AGENCY
    INCIDENT_ASSIGNED = "registry:incident:assign", _("assigned a person to an incident"), AGENCY
    INCIDENT_UNASSIGNED = "registry:incident:unassign", _("took a person off an incident"), AGENCY
    INCIDENT_CLOSED = "registry:incident:close", _("closed an incident"), AGENCY
    INCIDENT_REOPENED = "registry:incident:reopen", _("took the closing of an incident back"), AGENCY
    INCIDENT_SETTLED = "registry:incident:settle", _("ended what was still asked for a closed incident"), AGENCY
    INCIDENT_VIEWED = "registry:incident:view", _("looked at an incident")
    INCIDENT_PRINTED = "registry:incident:print", _("took the story of an incident on paper")
    INCIDENTS_LISTED = "registry:incidents:list", _("looked through the list of incidents")
    # Only auditors read of questions and refusals: a person who joins later must not find them
    JOIN_ASKED = "registry:join:ask", _("asked to join an incident by its number")
    JOIN_ADMITTED = "registry:join:admit", _("let a person join an incident who had asked")
    JOIN_DECLINED = "registry:join:decline", _("did not let a person join an incident who had asked")
    INCIDENT_TYPE_ADDED = "registry:incident-type:add", _("put a crime or emergency on the agency's list")
    INCIDENT_TYPE_CHANGED = "registry:incident-type:change", _("changed a crime or emergency of the agency's list")
    INCIDENT_TYPE_RETIRED = "registry:incident-type:retire", _("took a crime or emergency off the agency's list")
    INCIDENT_TYPE_RESTORED = "registry:incident-type:restore", _("put a crime or emergency back on the agency's list")
    NUMBER_FORMAT_CHANGED = "registry:number-format:change", _("chose how incident numbers are written")
    # Dispatch
    DISPATCH_TAKEN = "registry:dispatch:take", _("took a delivery from dispatch")
    DISPATCH_REFUSED = "registry:dispatch:refuse", _("sent a delivery that was refused")
    DISPATCH_PREVIEWED = "registry:dispatch:preview", _("looked at a file from dispatch before taking it")
    DISPATCH_DIFFERS = "registry:dispatch:differ", _("said otherwise than the office about an incident"), AGENCY
    DISPATCH_SETTLED = "registry:dispatch:settle", _("settled what dispatch says otherwise about an incident"), AGENCY
    DISPATCH_KEY_PROPOSED = "registry:dispatch-key:propose", _("proposed a key of the dispatch system")
    DISPATCH_KEY_APPROVED = "registry:dispatch-key:approve", _("approved a key of the dispatch system")
    DISPATCH_KEY_RETIRED = "registry:dispatch-key:retire", _("retired a key of the dispatch system")
    # Canvasses and requests
    CANVASS_DRAFTED = "registry:canvass:draft", _("prepared a canvass"), AGENCY
    CANVASS_VIEWED = "registry:canvass:view", _("looked at a canvass")
    CANVASS_CHANGED = "registry:canvass:change", _("changed a canvass, which ends any approval of it"), AGENCY
    CANVASS_APPROVAL_ASKED = "registry:canvass:ask-approval", _("asked a supervisor to approve a canvass"), AGENCY
    CANVASS_RECALLED = "registry:canvass:recall", _("ended the question to a supervisor about a canvass"), AGENCY
    CANVASS_KEPT = "registry:canvass:keep", _("searched too wide again, so a canvass stayed as it was"), AGENCY
    CANVASS_APPROVED = "registry:canvass:approve", _("approved a canvass beyond the limits"), AGENCY
    CANVASS_DENIED = "registry:canvass:deny", _("denied a canvass beyond the limits"), AGENCY
    CANVASS_LEFT_OUT = "registry:canvass:leave-out", _("left cameras out of a canvass"), AGENCY
    CANVASS_PUT_BACK = "registry:canvass:put-back", _("put cameras back into a canvass"), AGENCY
    CANVASS_SENT = "registry:canvass:send", _("sent a canvass"), AGENCY
    CANVASS_FOLLOWED = "registry:canvass:follow", _("followed the replies to a canvass")
    CANVASS_WITHDRAWN = "registry:canvass:withdraw", _("took back what still waits of a canvass"), AGENCY
    CANVASS_EXPIRED = "registry:canvass:expire", _("let a canvass expire"), AGENCY
    CANVASS_CLOSED = "registry:canvass:close", _("closed a canvass"), AGENCY
    PURPOSE_ADDED = "registry:purpose:add", _("added a purpose that footage may be asked for")
    PURPOSE_CHANGED = "registry:purpose:change", _("changed a purpose that footage may be asked for")
    PURPOSE_RETIRED = "registry:purpose:retire", _("took a purpose off the list")
    PURPOSE_RESTORED = "registry:purpose:restore", _("put a purpose back on the list")
    CAMERA_FOUND = "registry:camera:find", _("searched the area and found this camera"), OWNER
    CAMERA_SHOWN = "registry:camera:show", _("read this camera's address in a canvass"), OWNER
    CAMERA_ASKED = "registry:camera:ask", _("asked for footage from this camera"), OWNER
    REQUEST_SENT = "registry:request:send", _("sent a footage request")
    REQUEST_REMINDED = "registry:request:remind", _("reminded an owner of a footage request")
    REQUEST_ANSWERED_NONE = "registry:request:none", _("answered that there is no footage"), AGENCY
    REQUEST_DECLINED = "registry:request:decline", _("preferred not to give footage")
    REQUEST_ANSWERED_FOOTAGE = "registry:request:footage", _("gave footage"), AGENCY
    REQUEST_WITHDRAWN = "registry:request:withdraw", _("withdrew a footage request")
    REQUEST_EXPIRED = "registry:request:expire", _("let a footage request expire")
    # Footage
    UPLOAD_STARTED = "registry:upload:start", _("started to send a file")
    UPLOAD_FINISHED = "registry:upload:finish", _("sent a whole file")
    UPLOAD_GIVEN = "registry:upload:give", _("gave a file that was here")
    UPLOAD_REFUSED = "registry:upload:refuse", _("refused a file")
    UPLOAD_REMOVED = "registry:upload:remove", _("removed a file before giving it")
    UPLOAD_DESCRIBED = "registry:upload:describe", _("said which camera a file on its way is from and when it starts")
    EVIDENCE_RECEIVED = "registry:evidence:receive", _("received a file as evidence"), AGENCY
    EVIDENCE_OPENED = "registry:evidence:open", _("looked at what is known of a file")
    EVIDENCE_VIEWED = "registry:evidence:view", _("played the footage"), OWNER, AGENCY
    EVIDENCE_DOWNLOADED = "registry:evidence:download", _("downloaded the footage"), OWNER, AGENCY
    EVIDENCE_LISTED = "registry:evidence:list", _("looked at the list of an incident's footage")
    FILE_DESCRIBED = "registry:file:describe", _("said which camera a file is from and when it starts"), AGENCY
    # Retention of footage
    RETENTION_ADDED = "registry:retention:add", _("added a category of how long footage is kept")
    RETENTION_CHANGED = "registry:retention:change", _("changed a category of how long footage is kept")
    EVIDENCE_CLASSIFIED = "registry:evidence:classify", _("changed how long the footage is kept"), AGENCY
    HOLD_PLACED = "registry:hold:place", _("placed a legal hold"), AGENCY
    HOLD_LIFTED = "registry:hold:lift", _("lifted a legal hold"), AGENCY
    DELETION_ANNOUNCED = "registry:evidence:announce", _("announced the deletion of the footage"), AGENCY
    EVIDENCE_ENDED = "registry:evidence:end", _("began to delete the footage: the time to keep it has ended"), AGENCY
    EVIDENCE_DELETED = "registry:evidence:delete", _("deleted the footage"), OWNER, AGENCY
    # Views of owners' data
    OWNER_SEEN = "registry:owner:see", _("saw the name or address of an owner"), OWNER
    LOOKS_COPIED = "registry:looks:copy", _("took a copy of the list of who looked")
    LOOKS_DELAYED = "registry:looks:delay", _("delayed what the owner can read about an incident"), OWNER
    LOOKS_DELAY_RENEWED = (
        "registry:looks:renew",
        _("delayed once more what the owner can read about an incident"),
        OWNER,
    )
    LOOKS_DELAY_ENDED = "registry:looks:end", _("ended that delay early"), OWNER
    NOTICES_CHANGED = "registry:notices:change", _("changed how often e-mails about looks come")
    # COREs
    CORE_MODEL_ADDED = "integration:core-model:add", _("added a kind of CORE")
    CORE_MODEL_CHANGED = "integration:core-model:change", _("changed a kind of CORE")
    CORE_MODEL_RETIRED = "integration:core-model:retire", _("retired a kind of CORE")
    CORE_RECEIVED = "integration:core:receive", _("received a CORE into stock")
    CORE_ALLOCATED = "integration:core:allocate", _("set a CORE aside for a business")
    CORE_TAKEN_BACK = "integration:core:take-back", _("took a CORE back into stock that was set aside")
    CORE_CODE_ISSUED = "integration:core:issue-code", _("issued an activation code for a CORE")
    CORE_CODE_REFUSED = "integration:core:refuse-code", _("tried a wrong activation code on a CORE")
    CORE_SHIPPED = "integration:core:ship", _("sent a CORE on its way")
    CORE_ACTIVATED = "integration:core:activate", _("CORE activated")
    CORE_SUSPENDED = "integration:core:suspend", _("suspended a CORE")
    CORE_RESUMED = "integration:core:resume", _("put a suspended CORE to work again")
    CORE_RETURNING = "integration:core:return", _("began to return a CORE")
    CORE_WIPED = "integration:core:wipe", _("wiped a CORE that came back")
    CORE_RESTOCKED = "integration:core:restock", _("put a wiped CORE back into stock")
    CORE_RETIRED = "integration:core:retire", _("retired a CORE")
    CORE_REPLACED = "integration:core:replace", _("put another CORE in the place of one")
    CORE_KEPT = "integration:core:keep", _("kept a CORE after all whose return had begun")
    CORE_PLACED = "integration:core:place", _("moved a CORE to another place")
    CORE_OFFLINE = "integration:core:offline", _("was offline for 15 minutes")
    CORE_ONLINE = "integration:core:online", _("came back online")
    CORE_TOKENS_REVOKED = "integration:core:revoke-tokens", _("revoked what a CORE signs in with")
    DEVICE_CAMERA_CONNECTED = "integration:camera:connect", _("connected this camera to a CORE"), OWNER
    DEVICE_CAMERA_DISCONNECTED = "integration:camera:disconnect", _("disconnected this camera from a CORE"), OWNER
    # Sharing by businesses
    SHARING_SIGNED = "integration:agreement:sign", _("signed the sharing agreement")
    SHARING_REVOKED = "integration:agreement:revoke", _("took back the sharing agreement")
    SHARING_ENDED = "integration:agreement:end", _("reached the end of a sharing agreement that was not renewed")
    SHARING_REMINDED = "integration:agreement:remind", _("was told that the sharing agreement ends soon")
    SHARING_FORGOTTEN = "integration:agreement:forget", _("deleted a signed agreement at the end of its time")
    SHARING_RULE_CHANGED = "integration:rule:change", _("changed when this camera may be seen"), OWNER
    SHARING_BEGUN = "integration:camera:share", _("shared this camera for a time"), OWNER
    SHARING_STOPPED = "integration:camera:stop-sharing", _("stopped sharing this camera"), OWNER
    SHARING_PAUSED = "integration:sharing:pause", _("paused the sharing of all cameras")
    SHARING_RESUMED = "integration:sharing:resume", _("ended the pause of sharing")
    CRITICAL_PROPOSED = "integration:declaration:propose", _("asked that an incident be declared critical"), AGENCY
    CRITICAL_DECLARED = "integration:declaration:declare", _("declared an incident critical"), AGENCY
    CRITICAL_SECONDED = "integration:declaration:second", _("confirmed that an incident is critical"), AGENCY
    CRITICAL_NOT_SECONDED = "integration:declaration:drop", _("dropped a declaration that nobody confirmed"), AGENCY
    CRITICAL_RENEWED = "integration:declaration:renew", _("declared again that an incident is critical"), AGENCY
    CRITICAL_ENDED = "integration:declaration:end", _("ended that an incident is critical"), AGENCY
    GLASS_ASKED = "integration:break-glass:ask", _("asked to break the glass"), AGENCY
    GLASS_BROKEN = "integration:break-glass:break", _("broke the glass: two people declared it critical"), AGENCY
    GLASS_JUSTIFIED = "integration:break-glass:justify", _("wrote why the glass was broken"), AGENCY
    GLASS_OVERDUE = "integration:break-glass:overdue", _("did not say within a week why the glass was broken"), AGENCY
    VIEW_OFFERED = "integration:camera:offer", _("was shown this camera in the list of cameras nearby"), OWNER
    VIEW_STARTED = "integration:view:start", _("began to view this camera live"), OWNER
    VIEW_EXTENDED = "integration:view:extend", _("kept viewing this camera live, and said why"), OWNER
    VIEW_WATCHED = "integration:view:watch", _("viewed this camera live for a minute"), OWNER
    VIEW_ENDED = "integration:view:end", _("ended a live view of this camera"), OWNER
    VIEW_REFUSED = "integration:view:refuse", _("was refused a live view"), OWNER
    WATCH_FLAGGED = "integration:watching:flag", _("found that live view was used much more than is usual")
    CLIP_ASKED = "integration:clip:ask", _("asked for a recorded clip of this camera"), OWNER
    CLIP_ORDERED = "integration:clip:order", _("had the CORE send a recorded clip of this camera"), OWNER
    CLIP_LOOKED = "integration:clip:look", _("looked at a recorded clip of this camera before giving it"), OWNER
    CLIP_GIVEN = "integration:clip:give", _("gave a recorded clip of this camera"), OWNER
    CLIP_SENT = "integration:clip:send", _("sent a recorded clip of this camera"), OWNER
    CLIP_FAILED = "integration:clip:fail", _("had no recording of that time of this camera"), OWNER
    SNAPSHOT_TAKEN = (
        "integration:camera:snapshot",
        _("asked for a still picture of this camera, for their own eyes"),
        OWNER,
    )
    # notifications
    MESSAGE_SENT = "notifications:message:send", _("handed over a message")
    MESSAGE_FAILED = "notifications:message:fail", _("could not deliver a message")
    TEXT_NOT_DELIVERED = "notifications:text:fail", _("learned that a text message did not arrive")
    TEXT_CODE_ASKED = "notifications:number:ask", _("asked for a code to a phone number")
    TEXT_CODE_WRONG = "notifications:number:wrong", _("typed a wrong code for a phone number")
    TEXTS_TURNED_ON = "notifications:number:turn-on", _("turned text messages on")
    TEXTS_CHOSEN = "notifications:number:choose", _("chose what comes by text message")
    TEXTS_TURNED_OFF = "notifications:number:turn-off", _("turned text messages off")
    TEXTS_STOPPED = "notifications:number:stop", _("stopped text messages by answering STOP")
    TEXTS_RESUMED = "notifications:number:start", _("wanted text messages again, by answering START")
    PUSH_TURNED_ON = "notifications:push:turn-on", _("turned on notices on a device")
    PUSH_TURNED_OFF = "notifications:push:turn-off", _("turned off notices on a device")
    TEXT_UNREACHABLE = "notifications:number:fail", _("learned that a phone number gets no text messages")
    # accounts: signing in and out
    SIGNED_UP = "accounts:account:create", _("made an account")
    EMAIL_CONFIRMED = "accounts:email:confirm", _("confirmed an e-mail address")
    EMAIL_CHANGED = "accounts:email:change", _("changed the e-mail address of the account")
    CONTACT_CHANGED = "accounts:contact:change", _("changed their name or call-back number")
    SIGNED_IN = "accounts:session:start", _("signed in")
    SIGN_IN_FAILED = "accounts:session:fail", _("failed to sign in")
    SIGN_IN_CODE_MAILED = "accounts:session:code", _("gave the right password, and was asked for a code by mail")
    SIGNED_OUT = "accounts:session:leave", _("signed out")
    SESSION_ENDED = "accounts:session:end", _("ended a sign-in of their own")
    SESSION_TIMED_OUT = "accounts:session:time-out", _("was signed out by the clock")
    NOTICE_ACKNOWLEDGED = "accounts:notice:acknowledge", _("acknowledged the system-use notice")
    REAUTHENTICATED = "accounts:session:renew", _("proved again who they are")
    PASSWORD_CHANGED = "accounts:password:change", _("changed a password")
    IDENTITY_LINKED = "accounts:identity:link", _("signed in for the first time by the agency's identity provider")
    FACTOR_ADDED = "accounts:factor:add", _("added a passkey, app or set of recovery codes")
    FACTOR_REMOVED = "accounts:factor:remove", _("removed a passkey, app or set of recovery codes")
    # accounts: agency accounts, by two administrators
    ACCOUNT_LOCKED = "accounts:account:lock", _("locked an account after failed sign-ins")
    ACCOUNT_RELEASED = "accounts:account:release", _("released a locked account")
    ACCOUNT_DISABLED = "accounts:account:disable", _("disabled an account")
    ACCOUNT_ENABLED = "accounts:account:enable", _("enabled an account")
    ACCOUNT_DELETED = "accounts:account:delete", _("deleted an account whose address was never confirmed")
    ACCOUNT_CLOSED = "accounts:account:close", _("closed their own account")
    ACCOUNT_ROLE_CHANGED = "accounts:account:change-role", _("changed the role of an account")
    ACCOUNT_SUSPENDED = "accounts:suspension:begin", _("suspended an account at once")
    SUSPENSION_CONFIRMED = "accounts:suspension:confirm", _("confirmed that an account stays suspended")
    SUSPENSION_ENDED = "accounts:suspension:end", _("gave back an account whose suspension nobody confirmed in time")
    ROLE_CHANGE_PROPOSED = "accounts:role-change:propose", _("proposed a change to an agency account")
    ROLE_CHANGE_APPROVED = "accounts:role-change:approve", _("approved a change to an agency account")
    ROLE_CHANGE_ACCEPTED = "accounts:role-change:accept", _("accepted an invitation")
    ROLE_CHANGE_CANCELLED = "accounts:role-change:cancel", _("canceled a change to an agency account")
    ROLE_CHANGE_EXPIRED = "accounts:role-change:expire", _("let a change to an agency account expire")
    PEOPLE_LISTED = "accounts:people:list", _("looked at the list of agency accounts")
    PERSON_OPENED = "accounts:person:open", _("looked at an agency account")
    # ZIP codes of homes of people of the office, for the weekly review. No entry has the ZIP code
    HOME_NOTED = "accounts:home:note", _("wrote down the ZIP code where a person of the office lives")
    HOME_REMOVED = "accounts:home:remove", _("removed the ZIP code where a person of the office lives")
    HOME_SHOWN = "accounts:home:show", _("looked up the ZIP code where a person of the office lives")
    # the agency's own data
    AGENCY_CHANGED = "agency:agency:change", _("changed what the public sees of the agency")
    SEAL_CHANGED = "agency:seal:change", _("changed the agency's seal")
    DOCUMENT_PUBLISHED = "agency:document:publish", _("published terms, a privacy statement or a sharing agreement")
    WORDS_ANNOUNCED = "agency:announcement:send", _("announced a version of a text on which people rely")
    STREETS_UPLOADED = "agency:streets:upload", _("uploaded files of streets and addresses")
    STREETS_READ = "agency:streets:read", _("read files of streets and addresses")
    STREETS_FAILED = "agency:streets:fail", _("could not use files of streets and addresses")
    STREETS_USED = "agency:streets:use", _("put streets and addresses in use")
    STREETS_KEPT = "agency:streets:keep", _("put streets and addresses aside, to go back to")
    STREETS_BACK = "agency:streets:back", _("went back to earlier streets and addresses")
    STREETS_REPLACED = "agency:streets:replace", _("let go of earlier streets and addresses")
    STREETS_DISCARDED = "agency:streets:discard", _("discarded streets and addresses that were not used")
    ADDRESS_ADDED = "agency:address:add", _("added an address that the county's files lack")
    ADDRESS_TAKEN_OUT = "agency:address:take-out", _("removed an address that staff had added")
    BOUNDARIES_LOADED = "agency:boundaries:load", _("loaded the boundaries of the county and its neighbors")
    MESSAGE_TEXT_CHANGED = "agency:message-text:change", _("changed the agency's sentences in a message")
    MESSAGE_TEXT_RESET = "agency:message-text:reset", _("removed the agency's sentences from a message")
    LIMITS_CHANGED = "registry:limits:change", _("changed the limits of requests")
    # the log itself
    LOG_OPENED = "audit:log:open", _("opened the audit log")
    LEDGER_EXPORTED = "audit:ledger:export", _("exported the whole ledger")
    LOG_SEARCHED = "audit:log:search", _("searched the audit log")
    LOG_EXPORTED = "audit:log:export", _("exported entries of the audit log")
    PRINT_TAKEN = "audit:print:take", _("downloaded a print of the audit log")
    PRINTS_EXPIRED = "audit:print:expire", _("deleted prints of the audit log after a day")
    ENTRY_OPENED = "audit:entry:open", _("opened an entry of the audit log")
    ENTRY_CHECKED = "audit:entry:check", _("checked an entry of the audit log against the signed tree")
    FILTER_SAVED = "audit:filter:save", _("saved a search of the audit log")
    FILTER_DELETED = "audit:filter:delete", _("deleted a saved search of the audit log")
    FILTER_TIMED = "audit:filter:schedule", _("chose how often a saved search of the audit log is mailed")
    FILTER_MAILED = "audit:filter:mail", _("mailed the link to a saved search of the audit log")
    TEXTS_EXPIRED = "audit:texts:expire", _("deleted texts of the log at the end of their time")
    BUNDLE_TAKEN = "audit:bundle:take", _("took entries of the log as they were sealed")
    RECEIPT_TAKEN = "audit:receipt:take", _("took the receipt of an entry")
    TABLE_SEALED = "audit:table:seal", _("closed a table of the log to changes of its shape")
    TABLE_UNSEALED = "audit:table:unseal", _("opened a table of the log to a change of its shape")
    LEDGER_ALARM = "audit:alarm:raise", _("found something wrong with the log, and told the office")
    ALARM_SETTLED = "audit:alarm:settle", _("settled an alarm of the log")
    KEY_ROTATED = "audit:key:rotate", _("took a new key to sign the log with")
    # public figures
    FIGURES_COUNTED = "oversight:figures:count", _("counted the public figures of a day")
    FIGURES_RELEASED = "oversight:figures:release", _("reviewed and released the public figures")
    FIGURES_DELAYED = "oversight:figures:delay", _("held back newer public figures for a time")
    FIGURES_NOTED = "oversight:figures:note", _("added a note to the public figures")
    # the annual report
    ANNUAL_TEXT_WRITTEN = "oversight:annual-text:write", _("wrote a part of the annual report")
    ANNUAL_RELEASED = "oversight:annual-report:release", _("released a version of the annual report")
    # the weekly review
    REVIEW_SEEDED = "audit:review:seed", _("drew the seed of a week's sample, and published its hash")
    REVIEW_DRAWN = "audit:review:draw", _("drew the sample of a week, and published its seed")
    REVIEW_OPENED = "audit:review:open", _("looked at the queue of a weekly review")
    CARD_OPENED = "audit:card:open", _("looked at a card of the weekly review")
    CARD_FINE = "audit:card:fine", _("found a card of the weekly review to be fine")
    CARD_BLOCKED = "audit:card:block", _("found a card that no auditor may review, and told the administrators")
    QUESTION_ASKED = "audit:question:ask", _("asked a person of the agency about what they did")
    QUESTION_ANSWERED = "audit:question:answer", _("answered a question of the weekly review")
    QUESTION_CLOSED = "audit:question:close", _("closed a question that nobody had answered yet")
    FINDINGS_READ = "audit:finding:read", _("looked at the findings of weekly reviews")
    FINDING_MADE = "audit:finding:make", _("made a finding in the weekly review")
    FINDING_CLOSED = "audit:finding:close", _("closed a finding, and wrote what came of it")
    REVIEW_SIGNED = "audit:review:sign", _("signed the review of a week")
    REVIEW_OVERDUE = "audit:review:overdue", _("found the review of a week overdue, and raised the alarm")
    REVIEW_PAPER_TAKEN = "audit:review:take", _("downloaded the signed review of a week")
    REVIEW_ADDRESS_PROPOSED = "audit:review-address:propose", _("proposed who hears of an overdue review")
    REVIEW_ADDRESS_APPROVED = "audit:review-address:approve", _("approved who hears of an overdue review")
    REVIEW_ADDRESS_RETIRED = "audit:review-address:retire", _("retired an address that heard of overdue reviews")
    # refused acts
    ACT_REFUSED = "access:act:refuse", _("was refused")
    ACT_STALE = "access:act:stale", _("came too late")
    ACT_NOT_FOUND = "access:act:not-found", _("asked for something that is not theirs, or not there")
    VISITOR_REFUSED = "access:visitor:refuse", _("was refused, not signed in")
    # The shop: products. Only auditors read of the shop, in English.
    PRODUCT_ADDED = "shop:product:add", "added a product to the shop"
    PRODUCT_CHANGED = "shop:product:change", "changed a product of the shop"
    PRODUCT_PRICED = "shop:product:price", "gave a product a new price"
    PRODUCT_RETIRED = "shop:product:retire", "took a product out of the shop"
    PRODUCT_OFFERED = "shop:product:offer", "put a product into the shop again"
    PRODUCT_PICTURED = "shop:product:picture", "added a picture of a product"
    PRODUCT_PICTURE_REMOVED = "shop:product:remove-picture", "removed a picture of a product"
    DISCOUNT_ADDED = "shop:discount:add", "added a discount by number"
    DISCOUNT_ENDED = "shop:discount:end", "ended a discount by number"
    STOCK_CHANGED = "shop:stock:change", "wrote down a change of the stock"
    TAX_RATE_ADDED = "shop:tax-rate:add", "added a tax rate"
    TAX_RATE_ENDED = "shop:tax-rate:end", "ended a tax rate"
    EXEMPTION_SENT = "shop:exemption:send", "sent a tax exemption certificate"
    EXEMPTION_APPROVED = "shop:exemption:approve", "approved a tax exemption certificate"
    EXEMPTION_DECLINED = "shop:exemption:decline", "declined a tax exemption certificate"
    # The shop: orders and money
    ORDER_DRAFTED = "shop:order:draft", "put an order together"
    ORDER_PLACED = "shop:order:place", "placed an order"
    ORDER_PAID = "shop:order:pay", "found an order paid"
    ORDER_EXPIRED = "shop:order:expire", "let an order expire that was not paid"
    ORDER_CANCELLED = "shop:order:cancel", "canceled an order"
    PURCHASE_ORDER_SUBMITTED = "shop:purchase-order:submit", "sent a purchase order"
    PURCHASE_ORDER_APPROVED = "shop:purchase-order:approve", "approved a purchase order"
    PURCHASE_ORDER_DECLINED = "shop:purchase-order:decline", "declined a purchase order"
    ATTEMPT_BEGUN = "shop:attempt:begin", "began to pay by card"
    ATTEMPT_OPENED = "shop:attempt:open", "opened the payment page of an order"
    ATTEMPT_PROCESSING = "shop:attempt:process", "found a card payment being processed"
    ATTEMPT_SUCCEEDED = "shop:attempt:succeed", "found a card payment made"
    ATTEMPT_FAILED = "shop:attempt:fail", "found a card payment failed"
    ATTEMPT_EXPIRED = "shop:attempt:expire", "found a payment page expired"
    ATTEMPT_CANCELLED = "shop:attempt:cancel", "gave up a card payment"
    PAYMENT_CAPTURED = "shop:payment:capture", "took down a card payment"
    PAYMENT_RECORDED = "shop:payment:record", "recorded a check"
    PAYMENT_STRANGE = "shop:payment:doubt", "found a payment that is not what was asked for"
    REFUND_REQUESTED = "shop:refund:request", "asked for a refund"
    REFUND_SUBMITTED = "shop:refund:submit", "sent a refund to the payment service"
    REFUND_PENDING = "shop:refund:wait", "found a refund on its way"
    REFUND_SUCCEEDED = "shop:refund:succeed", "found a refund paid out"
    REFUND_FAILED = "shop:refund:fail", "found a refund failed"
    REFUND_CANCELLED = "shop:refund:cancel", "canceled a refund"
    REFUND_FOUND = "shop:refund:find", "found a refund that was made outside the portal"
    INVOICE_ISSUED = "shop:invoice:issue", "issued an invoice"
    CREDIT_NOTE_ISSUED = "shop:credit-note:issue", "issued a credit note"
    SHOP_TASK_DONE = "shop:task:settle", "settled a task of the shop"
    # The shop: parcels
    ORDER_PARTLY_SHIPPED = "shop:order:ship-part", "sent a part of an order"
    ORDER_SHIPPED = "shop:order:ship", "found all of an order sent that is not refunded"
    ORDER_OWED_AGAIN = "shop:order:owe-again", "found that a part of an order is still to be sent"
    ORDER_COMPLETED = "shop:order:complete", "found all of an order delivered that is not refunded"
    ORDER_DONE = "shop:order:do", "recorded that the services of an order are done"
    SHIPMENT_BEGUN = "shop:shipment:begin", "began to pack a parcel"
    SHIPMENT_PACKED = "shop:shipment:pack", "put something into a parcel"
    SHIPMENT_UNPACKED = "shop:shipment:unpack", "took something out of a parcel"
    SHIPMENT_LABELLED = "shop:shipment:label", "put a label on a parcel"
    SHIPMENT_DROPPED = "shop:shipment:drop", "unpacked a parcel that is not sent"
    SHIPMENT_HANDED_OVER = "shop:shipment:hand-over", "handed a parcel over to the carrier"
    SHIPMENT_DELIVERED = "shop:shipment:deliver", "found a parcel delivered"
    SHIPMENT_LOST = "shop:shipment:lose", "found a parcel lost"
    DELAY_ASKED = "shop:delay:ask", "asked a buyer to wait longer for an order"
    DELAY_AGREED = "shop:delay:agree", "agreed to wait longer for an order"
    # The shop: returns
    DEDUCTIONS_PUBLISHED = "shop:deductions:publish", "published what is taken off the price of a returned CORE"
    RETURN_REQUESTED = "shop:return:request", "asked to return a CORE"
    RETURN_APPROVED = "shop:return:approve", "approved a return"
    RETURN_DECLINED = "shop:return:decline", "declined a return"
    RETURN_WITHDRAWN = "shop:return:withdraw", "took back a return"
    RETURN_LABELLED = "shop:return:label", "sent a label for a return"
    RETURN_SENT = "shop:return:send", "found a returned CORE on its way"
    RETURN_RECEIVED = "shop:return:receive", "received a returned parcel"
    RETURN_INSPECTED = "shop:return:inspect", "inspected a returned CORE"
    RETURN_ACCEPTED = "shop:return:accept", "accepted a return"
    RETURN_REJECTED = "shop:return:reject", "wrote down that a returned parcel did not hold the CORE"
    RETURN_UNDONE = "shop:return:undo", "took back what was written down of a returned parcel"
    RETURN_REFUNDED = "shop:return:refund", "gave the money of a return back"
    RETURN_CLOSED = "shop:return:close", "closed a return that is paid out"
    RETURN_OWED_AGAIN = "shop:return:owe-again", "found that the money of a return did not arrive"
    # The shop: terms
    SUBSCRIPTION_BEGUN = "shop:subscription:begin", "began the first year of a CORE"
    SUBSCRIPTION_CANCELLED = "shop:subscription:cancel", "canceled the connection of a CORE with its year"
    SUBSCRIPTION_KEPT = "shop:subscription:keep", "kept a connection after all that was canceled"
    SUBSCRIPTION_ENDED = "shop:subscription:end", "ended the connection of a CORE"
    SUBSCRIPTION_RENEWED = "shop:subscription:renew", "began another year of a CORE"
    SUBSCRIPTION_PAST_DUE = "shop:subscription:owe", "found the year of a CORE not paid"
    SUBSCRIPTION_LAPSED = "shop:subscription:lapse", "stopped a CORE whose year nobody paid"
    RENEWAL_ANNOUNCED = "shop:renewal:announce", "announced the next year of a CORE and what it costs"
    CARD_CHANGE_BEGUN = "shop:card:begin", "began to leave another card for later years"
    CARD_SAVED = "shop:card:save", "left a card for later years at the payment service"
    CARD_REMOVED = "shop:card:remove", "removed the card for later years"
    # The shop: warranty
    CLAIM_OPENED = "shop:claim:open", "said that a CORE does not work"
    CLAIM_APPROVED = "shop:claim:approve", "approved a warranty claim"
    CLAIM_DECLINED = "shop:claim:decline", "declined a warranty claim"
    CLAIM_REPLACED = "shop:claim:replace", "sent another CORE under warranty"
    CLAIM_OLD_DUE = "shop:claim:await-old", "found that the other CORE works and the old one is due"
    CLAIM_CLOSED = "shop:claim:close", "closed a warranty claim"
    RECONCILIATION_ASKED = "shop:reconciliation:ask", "asked to compare the books with the payment service"
    RECONCILIATION_DONE = "shop:reconciliation:finish", "compared the books with the payment service"
    # The shop: books
    SHOP_LIMITS_CHANGED = "shop:limits:change", "changed the limits of the shop"
    BOOKS_EXPORTED = "shop:books:export", "exported the books of the shop"
    BOOKS_CHECK_ASKED = "shop:books:ask-check", "asked to hold a period of the books against the payment service"
    BOOKS_CHECKED = "shop:books:check", "held a period of the books against the payment service"
    INVOICE_REMINDED = "shop:invoice:remind", "reminded a business of an invoice that is not paid"
    CLAIM_REMINDED = "shop:claim:remind", "reminded a business of the old CORE that it has to send back"
    CLAIM_CHARGED = "shop:claim:charge", "charged for an old CORE that never came back"
    ORDER_CHARGED = "shop:order:charge", "wrote a bill for an old CORE that never came back"


REFUSALS: Final = {Refused: Event.ACT_REFUSED, Stale: Event.ACT_STALE, NotYours: Event.ACT_NOT_FOUND}
"""Events of refused acts, by the error that refused them."""
