"""One reason, typed by one person for one incident after another."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from audit.log.models import AuditDetail
from fusus_portal.oversight.review import rules
from fusus_portal.oversight.review.flags import looks
from fusus_portal.oversight.review.flags.calls import by_person
from fusus_portal.oversight.review.flags.contract import Flag, FlagKind
from fusus_portal.oversight.review.flags.looks import Look
from fusus_portal.oversight.review.week import Week


def found(week: Week) -> list[Flag]:
    made = looks.looks(week.end - rules.FEW_WEEKS, week.end)
    now = {look.person for look in made if look.at >= week.begin}
    theirs = [look for look in made if look.person in now]
    return flagged(theirs, _texts(theirs), week)


def flagged(made: Iterable[Look], texts: Mapping[bytes, str], week: Week) -> list[Flag]:
    """Return a flag for each person with one reason for many incidents. texts: by digest, without expired ones."""
    flags = []
    for theirs in by_person(made).values():
        worded = [(look, plain(texts[look.reason])) for look in theirs if look.reason and look.reason in texts]
        groups = [group for group in alike(worded) if _is_often(group) and group[-1].at >= week.begin]
        if groups:
            most = max(groups, key=_incidents)
            facts = {"incidents": _incidents(most), "searches": len(most), "reasons": len(groups)}
            entries = tuple(look.entry for look in most[: rules.ENTRIES_NAMED])
            weight = _incidents(most) / rules.SAME_REASON_INCIDENTS
            flags.append(Flag(FlagKind.SAME_REASON, most[-1].pseudonym, entries, facts, weight))
    return flags


def alike(worded: Iterable[tuple[Look, str]]) -> list[list[Look]]:
    """Return looks in groups of like reasons, each in the order given. A reason is compared with a group's first."""
    groups: list[tuple[str, list[Look]]] = []
    for look, text in worded:
        for first, group in groups:
            if fuzz.token_sort_ratio(first, text) >= rules.ALIKE:
                group.append(look)
                break
        else:
            groups.append((text, [look]))
    return [group for _first, group in groups]


def plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W\d_]+", " ", bare).split())


def _incidents(group: list[Look]) -> int:
    return len({look.incident for look in group})


def _is_often(group: list[Look]) -> bool:
    return _incidents(group) >= rules.SAME_REASON_INCIDENTS


def _texts(made: Iterable[Look]) -> Mapping[bytes, str]:
    digests = {look.reason for look in made if look.reason}
    details = AuditDetail.objects.filter(digest__in=digests).values_list("digest", "text")
    return {bytes(digest): text for digest, text in details}
