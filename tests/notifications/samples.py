"""Variables of every kind of message, as its class would build them, without the apps that know them."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from fusus_portal.ground.notifications.kinds import Context, MessageKind
from tests.notifications.shop_samples import OF_SHOP

MORNING = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)
EVENING = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
DEPUTY: dict[str, object] = {"deputy": "Deputy K7Q2", "call_back_number": "205-555-0142"}
INCIDENT: dict[str, object] = {"number": "R-7K2M4P", "incident_number": "2026-000123"}
ASKED: dict[str, object] = {
    **INCIDENT,
    **DEPUTY,
    "incident_type": "Burglary",
    "purpose": "Identify a vehicle",
    "place": "Oak Street and 5th Avenue",
    "starts_at": MORNING,
    "ends_at": EVENING,
    "cameras": ["Front door", "Driveway & gate"],
    "link": "http://localhost:8000/requests/token/",
    "expires_at": EVENING,
}

RECEIPT = "http://localhost:8000/receipts/token/"

LOOKS: dict[str, object] = {
    "lines": [
        {
            "who": "Deputy K7Q2",
            "what": "played the footage",
            "incident": "2026-000123",
            "times": 2,
            "first": MORNING,
            "last": EVENING,
        }
    ],
    "later": ["1 entry opens on March 4, 2026"],
    "more": True,
    "standing": "2 of 3 entries can be checked now. 1 opens later.",
    "since": MORNING,
    "until": EVENING,
    "link": "http://localhost:8000/profile/looks/",
    "settings_link": "http://localhost:8000/profile/notices/",
    "unsubscribe": "http://localhost:8000/notices/token/stop/",
}

MONTH: dict[str, object] = {
    "month": "September 2026",
    "searches": 3,
    "asked": 1,
    "looks": 12,
    "lines": ["Searches that found your cameras: 3", "Requests for footage: 1"],
    "link": "http://localhost:8000/profile/looks/",
    "settings_link": "http://localhost:8000/profile/notices/",
    "unsubscribe": "http://localhost:8000/notices/token/stop/",
}

AGREEMENT: dict[str, object] = {
    "number": "G-31X9",
    "day": date(2026, 3, 4),
    "link": "http://localhost:8000/profile/sharing/",
}

VARIABLES: dict[MessageKind, dict[str, object]] = {
    MessageKind.WORDS_CHANGE: {
        "title": "Sharing agreement",
        "number": "2",
        "day": "March 19, 2026",
        "lines": ["Two officers, no supervisor reached, half an hour.", "What you signed stays as it was."],
        "link": "http://localhost:8000/sharing-agreement/2/",
    },
    MessageKind.SHARING_ENDING: AGREEMENT,
    MessageKind.SHARING_ENDED: AGREEMENT,
    **OF_SHOP,
    MessageKind.INVITATION: {
        "number": "I-4D9F2A",
        "role": "deputy",
        "link": "http://localhost:8000/join/first/",
        "expires_at": EVENING,
    },
    MessageKind.ROLE_NOTICE: {"number": "N-1", "change": "You are now a supervisor."},
    MessageKind.ACCOUNT_LOCKED: {"number": "N-2", "locked_at": MORNING},
    MessageKind.SUSPENSION: {
        "number": "N-4",
        "headline": "Deputy K7Q2 is suspended",
        "news": "Administrator B3C4 suspended this account at once.",
        "link": "http://localhost:8000/console/admin/people/",
    },
    MessageKind.SUSPENSION_NOTICE: {
        "number": "N-5",
        "headline": "Your account is back",
        "news": "Nobody confirmed within a day that it stays suspended.",
        "link": "http://localhost:8000/account/password/reset/",
    },
    MessageKind.REGISTRATION_CONFIRMED: {
        "number": "P-31X9",
        "cameras": 2,
        "link": "http://localhost:8000/profile/",
    },
    MessageKind.REGISTRATION_ENDED: {
        "number": "P-31X9",
        "deleted": ["Two cameras", "Your name & phone number"],
        "kept": ["One file until March 4, 2029"],
        "elsewhere": "In Shelby County, Alabama, ask the sheriff & the police.",
    },
    MessageKind.REGISTRATION_UNFINISHED: {
        "number": "M-1",
        "begun_at": MORNING,
        "kept_until": EVENING,
        "link": "http://localhost:8000/register/",
    },
    MessageKind.OUTREACH_REPORT: {
        "number": "M-2",
        "counties": [{"name": "Shelby County, Alabama", "total": 3, "new": 1}],
        "total": 3,
    },
    MessageKind.REGISTRATION_IMPORTED: {
        "number": "G-31X9",
        "cameras": 2,
        "consent_on": date(2024, 5, 17),
        "link": "http://localhost:8000/claim/first/",
    },
    MessageKind.IMPORT_INVITATION: {
        "number": "M-31X9",
        "link": "http://localhost:8000/invited/first/",
        "no_link": "http://localhost:8000/invited/first/no/",
        "until": EVENING,
    },
    MessageKind.FOOTAGE_REQUEST: {**ASKED, "receipt": RECEIPT, "given": "", "offered": [], "note": ""},
    MessageKind.FOOTAGE_REMINDER: {**ASKED, "asked_at": MORNING, "is_last": True, "offered": [], "note": ""},
    MessageKind.FOOTAGE_RECEIVED: {
        **INCIDENT,
        **DEPUTY,
        "files": [{"name": "door.mp4", "size": 1_500_000, "sha256": "ab" * 32}],
        "kept_until": date(2029, 3, 4),
        "receipt": RECEIPT,
    },
    MessageKind.FOOTAGE_ENDING: {
        **INCIDENT,
        "files": [{"number": "E-7K2M4P", "sha256": "ab" * 32}],
        "day": date(2029, 3, 4),
        "link": "http://localhost:8000/profile/requests/1/",
    },
    MessageKind.FOOTAGE_DELETED: {
        **INCIDENT,
        "files": [{"number": "E-7K2M4P", "sha256": "ab" * 32}, {"number": "E-7K2M4Q", "sha256": "cd" * 32}],
        "link": "http://localhost:8000/profile/requests/1/",
        "receipt": RECEIPT,
    },
    MessageKind.REQUEST_WITHDRAWN: {**INCIDENT, **DEPUTY},
    MessageKind.MONTH_SUMMARY: {"number": "M-1A2B3C4D", **MONTH},
    MessageKind.LOOKS_DIGEST: {"number": "M-1A2B3C4D", **LOOKS},
    MessageKind.FOOTAGE_LOOKED_AT: {"number": "M-5E6F7A8B", **LOOKS},
    MessageKind.FOOTAGE_REPLY: {
        **INCIDENT,
        "has_footage": True,
        "link": "http://localhost:8000/console/incidents/1/",
    },
    MessageKind.CANVASS_TO_APPROVE: {
        "number": "2026-000123",
        "incident_number": "2026-000123",
        "deputy": "Deputy K7Q2",
        "link": "http://localhost:8000/console/canvasses/1/approval/",
    },
    MessageKind.INCIDENT_JOINED: {
        "number": "2026-000123",
        "incident_number": "2026-000123",
        "link": "http://localhost:8000/console/incidents/1/",
    },
    MessageKind.WORK_WAITS: {
        "number": "M-6G7H8J9K",
        "lines": [
            {"text": "2 incidents wait to be verified.", "due": MORNING},
            {"text": "A key of dispatch waits for a second administrator.", "due": None},
        ],
        "link": "http://localhost:8000/console/",
    },
    MessageKind.LEDGER_ALARM: {
        "number": "M-9",
        "alarms": ["A witness does not answer", "A disk is full"],
        "link": "http://localhost:8000/console/audit/alarms/",
    },
    MessageKind.GLASS_OVERDUE: {
        "number": "2026-000123",
        "incident_number": "2026-000123",
        "broken_at": MORNING,
        "first": "Deputy K7Q2",
        "second": "Deputy M3T8",
        "link": "http://localhost:8000/console/incidents/1/",
    },
    MessageKind.GLASS_ASKED: {
        "number": "2026-000123",
        "incident_number": "2026-000123",
        "first": "Deputy K7Q2",
        "until": MORNING,
        "link": "http://localhost:8000/console/declarations/1/glass/",
    },
    MessageKind.GLASS_BROKEN: {
        "number": "2026-000123",
        "incident_number": "2026-000123",
        "glass": "Deputy K7Q2 opened the incident and asked for broken glass, and Deputy M3T8 confirmed it.",
        "first": "Deputy K7Q2",
        "second": "Deputy M3T8",
        "until": MORNING,
        "can_end": True,
        "link": "http://localhost:8000/console/incidents/1/critical/",
    },
    MessageKind.CRITICAL_LOOK: {
        "number": "2026-000123",
        "incident_number": "2026-000123",
        "first": "Supervisor K7Q2",
        "until": MORNING,
        "link": "http://localhost:8000/console/incidents/1/critical/",
    },
    MessageKind.REVIEW_QUESTION: {
        "number": "M-9",
        "week": "Nov. 16, 2026",
        "link": "http://localhost:8000/console/questions/1/",
    },
    MessageKind.REVIEW_OVERDUE: {"number": "M-9", "week": "Nov. 16, 2026", "drawn": True, "cards": 24, "done": 7},
    MessageKind.REVIEW_BLOCKED: {
        "number": "M-9",
        "week": "Nov. 16, 2026",
        "cards": 3,
        "link": "http://localhost:8000/console/people/",
    },
    MessageKind.CORE_OFFLINE: {
        "number": "FC4-00017",
        "seen_at": MORNING,
        "link": "http://localhost:8000/profile/devices/1/",
    },
    MessageKind.CORE_NOTICE: {
        "number": "FC4-00017",
        "lines": [{"camera": "Front door", "words": "The picture is black."}],
        "minutes": 10,
        "link": "http://localhost:8000/profile/devices/1/",
    },
    MessageKind.LIVE_VIEWED: {
        **INCIDENT,
        "deputy": "Deputy K7Q2",
        "camera": "Front door",
        "began_at": MORNING,
        "glass": "Deputy A1 asked. Deputy B2 confirmed.",
        "minutes": 7,
        "stopped": False,
        "withheld": "",
        "link": "http://localhost:8000/profile/looks/",
    },
    MessageKind.WATCH_FLAGGED: {
        "number": "W-1A2B3C4D",
        "what": "The area 35203, Business was viewed live for 12:30 hours in seven days.",
        "link": "http://localhost:8000/console/audit/watch-hours/",
    },
    MessageKind.LOG_REPORT: {
        "number": "M-1A2B3C4D",
        "first": date(2026, 11, 16),
        "last": date(2026, 11, 22),
        "link": "http://localhost:8000/console/audit/searches/1/?since=2026-11-16&until=2026-11-22",
    },
    MessageKind.SIGN_IN_CODE: {
        "number": "M-7K2M4P00",
        "code": "BCDF-GHJK",
        "minutes": 15,
        "password_link": "http://localhost:8000/account/password/reset/",
    },
    MessageKind.TEXT_CODE: {"code": "042195", "minutes": 10},
    MessageKind.TEXTS_ON: {"number": "M-1A2B3C4D", "ending": "17", "link": "http://localhost:8000/profile/texts/"},
    MessageKind.CORE_ONLINE: {
        "number": "FC4-00017",
        "seen_at": MORNING,
        "link": "http://localhost:8000/profile/devices/1/",
    },
}


def builder(kind: MessageKind) -> Callable[[Context], Mapping[str, object]]:
    """Return a `build` that gives the sample, changed by what the context says."""

    def build(context: Context) -> Mapping[str, object]:
        return {**VARIABLES[kind], **context}

    return build
