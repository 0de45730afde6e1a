"""The closed list of parts of the annual report: what ordinances require, and figures that answer it; and limits.

san_francisco and oakland name the clause of a part: San Francisco Administrative Code, section 19B.1, and Oakland
Municipal Code, section 9.64.010 (1). docs/decisions/audit/annual-report.md. Each public figure is in one part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from fusus_portal.oversight.figures.definitions import Dimension, Text

LONGEST_TEXT: Final = 10_000
"""Most characters of the office's own text in one part: four pages of paper."""

LONGEST_REASON: Final = 1_000
"""Most characters of the sentence that says why a report was corrected."""

YEARS_SHOWN: Final = 10
"""Years that the transparency page lists. Older reports keep their addresses."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the annual report.

    asks: what the office is to write. intro: the portal's own words, "" if it counts nothing. figures: their keys, in
    order. tables: breakdowns, by figure and dimension. is_required: no release without the office's own text.
    """

    key: str
    heading: Text
    asks: Text
    san_francisco: str
    oakland: str
    intro: Text = ""
    figures: Sequence[str] = ()
    tables: Sequence[tuple[str, Dimension]] = ()
    is_required: bool = True


PARTS: Final = (
    Part(
        "use",
        _("How it was used, and how much"),
        _("Add what a reader needs to understand the numbers: what was new this year, what the office used it for."),
        "(1)",
        "A",
        intro=_(
            "Owners register where their cameras are. Registering lets nobody view them: the office asks for footage "
            "of an incident, and the owner decides. A business may connect cameras through a device, the CORE. "
            "Deputies can view those live during a critical incident nearby, where the owner allows it."
        ),
        figures=(
            "incidents",
            "verified",
            "searches",
            "canvasses",
            "asked",
            "files_given",
            "files_deleted",
            "looks",
            "views",
            "watched",
            "unconnected",
        ),
        tables=(("incidents", Dimension.CRIME), ("searches", Dimension.CRIME), ("watched", Dimension.CRIME)),
        is_required=False,
    ),
    Part(
        "sharing",
        _("What was shared with others"),
        _(
            "Say which agencies or others got footage or data, how often, which kinds of data, under what legal "
            "standard, and why. If nothing was shared, say so."
        ),
        "(2)",
        "B",
        intro=_(
            "Nobody outside the office can search the portal, view a camera or download footage in it. The portal does "
            "not count what the office hands on."
        ),
    ),
    Part(
        "sources",
        _("Where the pictures come from"),
        _("Say what the cameras are mounted on, in general words, and what other data the portal was used with."),
        "(9)",
        "C",
        intro=_(
            "The cameras belong to residents and businesses. The office gets the files that owners give, and views "
            "cameras that businesses connect."
        ),
        tables=(("views", Dimension.PREMISES), ("watched", Dimension.PREMISES)),
        is_required=False,
    ),
    Part(
        "places",
        _("Where in the county"),
        _("Add what a reader needs to understand the numbers, for example which patrol areas the ZIP codes are in."),
        "",
        "D",
        intro=_("By ZIP code, the smallest area that the portal counts by."),
        tables=(("looks", Dimension.AREA), ("views", Dimension.AREA), ("watched", Dimension.AREA)),
        is_required=False,
    ),
    Part(
        "complaints",
        _("Complaints and concerns"),
        _(
            "Sum up what people complained or worried about, and say whether the office's policy protects civil rights "
            "well enough. If nobody complained, say so."
        ),
        "(3)",
        "E",
    ),
    Part(
        "audits",
        _("Audits, violations and what followed"),
        _("Say what audits found, which rules were broken, and what the office did about it."),
        "(4)",
        "F",
        intro=_(
            "Each week somebody who took no part looks at a random part of what was done, and at what stood out. The "
            "portal refuses live views whose conditions fail."
        ),
        figures=(
            "reviews",
            "reviews_late",
            "findings",
            "findings_closed",
            "refusals",
            "delays",
            "glass",
            "glass_late",
        ),
        tables=(("refusals", Dimension.CONDITION),),
    ),
    Part(
        "breaches",
        _("Data breaches"),
        _(
            "Say whether anybody got at data without permission, how much of it, and what the office did. If there was "
            "nothing, say so."
        ),
        "",
        "G",
    ),
    Part(
        "effectiveness",
        _("Whether it works"),
        _("Say how it helped: cases, crime statistics, what it was meant to do and whether it does."),
        "(5)",
        "H",
        intro=_("Owners who gave footage or said that there is none, and the files that the office kept as evidence."),
        figures=("gave", "none", "files_kept"),
    ),
    Part(
        "records",
        _("Requests for public records"),
        _("Say how many requests for records about the portal came, and how they were answered."),
        "(6)",
        "I",
    ),
    Part(
        "cost",
        _("What it costs"),
        _("Say what the year cost, staff included, and what pays for the next year."),
        "(7)",
        "J",
    ),
    Part(
        "changes",
        _("Changes that the office asks for"),
        _("Say which changes of its policy the office asks for, and why. If there are none, say so."),
        "(8)",
        "K",
    ),
    Part(
        "products",
        _("Products and services"),
        _(
            "Name what was bought or used that the policy does not name yet, with makers and models, and who provides "
            "services that the portal needs."
        ),
        "(10)",
        "",
    ),
)

BY_KEY: Final = {part.key: part for part in PARTS}
REQUIRED: Final = tuple(part for part in PARTS if part.is_required)
