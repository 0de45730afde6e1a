"""Promises about registered cameras. The portal never sees through them."""

from django.utils.translation import gettext_lazy as _

from fusus_portal.promises.promise import Promise, Topic

REGISTRY = (
    Promise(
        key="R1",
        topic=Topic.COST,
        question=_("What does it cost to register a camera?"),
        answer=_("Nothing, now and later. Nobody has to register, and nothing bad happens if you don't."),
        control=_("No page of the registry has a price or a way to pay."),
        kept_by=("registry.people.services.registrants.register", "registry.people.views.registration.check"),
        tests=(
            "tests/registry/people/test_free.py",
            "tests/registry/people/test_registration.py",
            "tests/registry/people/departures/test_departure_pages.py",
            "tests/site/test_promises_kept.py",
        ),
    ),
    Promise(
        key="R2",
        topic=Topic.PRIVACY,
        question=_("Can deputies watch my registered camera?"),
        answer=_(
            "No. We know where your camera is, how to reach you, and what you chose to tell us. There is no way in. "
            "If you add a picture of what your camera sees, only you see it."
        ),
        control=_(
            "The registry has no room for a video address, a password or a key, so there is nothing to watch with. "
            "Text that contains one is refused."
        ),
        figure="watched",
        kept_by=(
            "registry.places.models.Camera",
            "registry.places.models.Premises",
            "registry.places.policies.check_no_way_in",
            "registry.places.views",
        ),
        tests=(
            "tests/site/test_promises_kept.py",
            "tests/registry/places/test_places.py",
            "tests/registry/places/test_camera_pages.py",
            "tests/registry/places/test_no_way_in.py",
        ),
    ),
    Promise(
        key="R3",
        topic=Topic.PRIVACY,
        question=_("When may someone ask for my footage?"),
        answer=_(
            "Only after a crime or an emergency near your camera. The incident comes from a fixed list, "
            "and a second person or our dispatch center confirms that it is real."
        ),
        control=_(
            "Until an incident is confirmed, a deputy can ask once, at most 25 owners. A deputy who has more such "
            "incidents open, searches around more of them in a day, or sees more owners in a week, than our office "
            "allows needs a supervisor; the auditors are told at once. "
            "If nobody confirms it in 24 hours, it closes, and the auditors see that. "
            "A request can't be sent without an open incident, and only to cameras inside its search area. "
            "If the incident is changed, it must be confirmed again. "
            "Protests and other lawful gatherings can't be put on the list, in English or Spanish."
        ),
        figure="requests",
        kept_by=(
            "registry.canvasses.services.canvasses.send",
            "registry.canvasses.policies",
            "registry.canvasses.services.searches",
            "registry.incidents.policies.incidents.check_names",
            "registry.incidents.services.incidents.verify",
            "registry.incidents.policies.incidents.may_open_another",
            "registry.incidents.services.incidents.close_unverified",
            "registry.incidents.services.incidents.change",
            "registry.incidents.services.dispatch.take_delivery",
            "registry.canvasses.services.approvals.grant",
            "registry.canvasses.models.CanvassPurpose",
        ),
        tests=(
            "tests/registry/incidents/test_open_unverified.py",
            "tests/registry/canvasses/test_canvasses.py",
            "tests/registry/canvasses/test_canvass_limits.py",
            "tests/registry/canvasses/test_browsing_homes.py",
            "tests/registry/incidents/test_incidents.py",
            "tests/registry/test_guard.py",
            "tests/registry/imports/test_imports.py",
            "tests/registry/canvasses/test_polygons.py",
            "tests/registry/canvasses/test_approvals.py",
            "tests/registry/canvasses/test_near_a_crime.py",
            "tests/registry/incidents/test_change.py",
            "tests/registry/incidents/test_dispatch.py",
            "tests/registry/canvasses/test_purposes.py",
        ),
    ),
    Promise(
        key="R4",
        topic=Topic.PRIVACY,
        question=_("Do I have to give my footage?"),
        answer=_(
            "No. You choose each time: give it, say that there is none, or rather not. "
            "Deputies can't tell a “rather not” from a message nobody opened."
        ),
        control=_("Deputies see who gave footage, who has none, and one number for everybody else."),
        figure="answers",
        kept_by=(
            "registry.canvasses.services.requests.decline",
            "registry.canvasses.services.requests.answer_none",
            "registry.canvasses.selectors.follow_up",
            "registry.canvasses.services.requests.remind_due",
            "integration.clips.policies.rule_speaks",
        ),
        tests=(
            "tests/r4/test_whole_view.py",
            "tests/r4/test_clip_first.py",
            "tests/r4/test_teeth.py",
            "tests/integration/clips/test_clips_and_canvasses.py",
            "tests/integration/clips/test_clips_at_once.py",
            "tests/registry/canvasses/requests/test_owner_decides.py",
            "tests/registry/canvasses/requests/test_requests.py",
            "tests/registry/canvasses/requests/test_reminders.py",
            "tests/registry/canvasses/requests/test_reply.py",
        ),
    ),
    Promise(
        key="R5",
        topic=Topic.PRIVACY,
        question=_("Is it written down when someone uses my data?"),
        answer=_("Yes, every time. A look at footage is written into the log first. Only then does it open."),
        control=_(
            "What is done and its log entry are saved together. If the entry can't be written, nothing happens. "
            "When someone opens your camera's address for the third time in an hour, and after that, the times are "
            "counted, and the log gets their number when the hour ends."
        ),
        figure="looks",
        kept_by=(
            "audit.log.services.record",
            "audit.log.sightings.record_sightings",
            "audit.log.services.open_ticket",
        ),
        tests=(
            "tests/audit/log/test_record.py",
            "tests/audit/log/test_sightings.py",
            "tests/audit/log/test_append_only.py",
            "tests/audit/test_every_service.py",
            "tests/registry/canvasses/test_no_entry_no_view.py",
            "tests/registry/footage/evidence/test_evidence_pages.py",
            "tests/registry/footage/retention/test_retention_pages.py",
        ),
    ),
    Promise(
        key="R6",
        topic=Topic.MOVING,
        question=_("What if I move within the county?"),
        answer=_("You type your new address, and your registration and cameras stay."),
        control=_("The new place is checked against the county line, and the old one is kept as history."),
        kept_by=("registry.people.services.moves.move", "registry.people.views.departures.move_check"),
        tests=("tests/registry/people/moves/test_moves.py", "tests/registry/people/moves/test_move_pages.py"),
    ),
    Promise(
        key="R7",
        topic=Topic.MOVING,
        question=_("What if I move to another county?"),
        answer=_(
            "Your registration here ends, and we tell you whom to ask there. "
            "If you agree, the agency there is asked to join. Your name is kept for that only if you say so."
        ),
        control=_(
            "A place outside the county can't be searched here. "
            "What you agreed to ends when it is settled, after 90 days at the latest, and your name and e-mail address "
            "in it are deleted then."
        ),
        kept_by=(
            "registry.people.services.moves.move_away",
            "registry.other_counties.services.close_due_leads",
            "registry.other_counties.services.report_leads",
            "registry.people.views.departures.move_away",
        ),
        tests=(
            "tests/registry/people/moves/test_moves_away.py",
            "tests/registry/people/moves/test_move_marker.py",
            "tests/registry/other_counties/test_leads.py",
            "tests/registry/people/moves/test_move_pages.py",
        ),
    ),
    Promise(
        key="R8",
        topic=Topic.ACCOUNT,
        question=_("Can I change what I told you?"),
        answer=_(
            "Yes. Your profile shows your contact details, places and cameras. "
            "There you change, pause or remove each of them, and read what changed before."
        ),
        control=_("Only you can open your profile. Nobody can browse a list of homes."),
        kept_by=(
            "registry.people.views.profile.profile",
            "registry.people.services.registrants.change",
            "registry.places.services.premises.describe",
            "registry.places.services.premises.remove",
            "registry.places.services.cameras.change",
            "registry.places.services.cameras.pause",
        ),
        tests=(
            "tests/registry/people/test_profile.py",
            "tests/registry/people/test_own_record.py",
            "tests/registry/places/test_place_pages.py",
            "tests/registry/places/test_pauses.py",
        ),
    ),
    Promise(
        key="R9",
        topic=Topic.PRIVACY,
        question=_("Will I hear how the case ended?"),
        answer=_(
            "No. We send no personal news about an incident; our public news pages may report on it. "
            "We do tell you what became of your own footage."
        ),
        control=_(
            "The portal can send only messages from a fixed list, and none has room for how an incident ended. "
            "What the office adds to one is checked for it. "
            "Your profile shows until when each of your files is kept, and when it was deleted."
        ),
        kept_by=(
            "fusus_portal.ground.notifications.kinds.Kind",
            "fusus_portal.ground.agency.sentences.check",
            "registry.canvasses.presenters.owners.OwnFile",
            "registry.canvasses.views.own_request",
        ),
        tests=(
            "tests/notifications/test_kinds.py",
            "tests/agency/test_message_texts.py",
            "tests/site/test_promises_kept.py",
            "tests/registry/canvasses/requests/test_own_requests.py",
        ),
    ),
    Promise(
        key="R10",
        topic=Topic.DEVICES,
        question=_("Which cameras can I register?"),
        answer=_("Any kind. A doorbell, a trail camera or an old recorder is as welcome as a new system."),
        control=_("Only the place is required. Kind, maker and model are free text, and may stay empty."),
        kept_by=("registry.places.forms.cameras.CameraForm", "registry.places.services.cameras.add"),
        tests=("tests/registry/people/test_registration.py", "tests/registry/places/test_camera_pages.py"),
    ),
    Promise(
        key="R11",
        topic=Topic.PRIVACY,
        question=_("How do I know that a request is real?"),
        answer=_(
            "It names the incident, the place, the hours and the deputy who asks. "
            "Call our public number with the request number, and we will tell you."
        ),
        control=_("Each request has a number, a deputy and a call-back number, and your answer goes to that deputy."),
        figure="requests",
        kept_by=(
            "registry.canvasses.messages",
            "registry.canvasses.views.reply",
            "registry.canvasses.models.CanvassPurpose",
        ),
        tests=(
            "tests/registry/canvasses/requests/test_who_asks.py",
            "tests/registry/test_messages.py",
            "tests/registry/canvasses/requests/test_reply.py",
        ),
    ),
    Promise(
        key="R12",
        topic=Topic.ACCOUNT,
        question=_("Can I leave?"),
        answer=_(
            "Yes, at any time, with your password and one confirmation. Your contact details, places, cameras and "
            "their pictures are deleted; footage you gave stays with its case."
        ),
        control=_("Everything that is kept is listed on the page, with the reason and the day it ends."),
        kept_by=(
            "registry.people.services.registrants.leave",
            "registry.people.services.departures.erase",
            "registry.people.views.departures.leave",
        ),
        tests=(
            "tests/registry/people/departures/test_departures.py",
            "tests/registry/people/departures/test_departure_marker.py",
            "tests/registry/imports/test_marker.py",
            "tests/registry/imports/test_people.py",
            "tests/registry/people/departures/test_every_column.py",
            "tests/registry/people/departures/test_departure_pages.py",
            "tests/registry/footage/retention/test_deletion.py",
        ),
    ),
)
