"""Flags of an honest year, each of them false, and what it takes to find those of a week."""

from collections import Counter
from random import Random
from statistics import median

from audit.log.models import AuditEntry
from bench.clock import FIGURES, beside
from bench.page import Found, Limit, Section, Table
from fusus_portal.demo.servers.postgres import Postgres
from fusus_portal.oversight.review import flags, week as weeks
from fusus_portal.oversight.review.flags.kinds import FlagKind
from fusus_portal.oversight.review.week import Week
from tests.oversight.review.simulation import county
from tests.oversight.review.simulation.clock import fresh_portal, led_server
from tests.oversight.review.simulation.work import Work
from tests.oversight.review.simulation.year import HUNDREDS, MOST_CARDS, WEEKS, HonestWeek, first_monday, honest_weeks

SEED = 7
ROUNDS = 25
CARDS, WORST = "cards a week for each 100 people, mean of the year", "the same, of the week with most"
FIND, READ = "finding the flags of the last week", "reading that week's entries, as instances"
SECTION = Section(
    "Flags of an honest year",
    f"""{WEEKS} weeks of {county.OFFICERS + county.SUPERVISORS} deputies and supervisors who do nothing wrong, and send
    1,000 canvasses a month: shifts that change and are swapped, reasons used again, networks that come and go,
    mistakes, own incidents that a supervisor forgets to verify (`tests/oversight/review/simulation`, seed {SEED}).
    Every flag is false, and each is a card beside the sample. A database server whose clock is led writes the log; it
    keeps nothing through a crash, which changes none of these numbers. The rates follow from the guesses in the
    simulation, so they say which kinds of honest work are asked about, and no more.""",
    {
        CARDS: Limit(
            """The weekly review may ask for ten cards of each hundred people beyond its sample: what one auditor reads
            in a morning.""",
            most=MOST_CARDS,
        ),
        WORST: Limit(
            "A week with twice as many would be put off, and a review that is late is none.", most=2 * MOST_CARDS
        ),
        f"{FIND}, of {READ}": Limit(
            """A week's flags ask of three months what its searchers did, and of four weeks whose cameras they found;
            three times as much as reading the week once would grow with the log and not with the week.""",
            most=3,
        ),
    },
)


def main(server: Postgres) -> Found:
    """Let an honest year pass on a server of its own, and count what is flagged in each week."""
    begin = first_monday()
    with led_server(begin) as (led, clock), fresh_portal(led):
        clock.lead_to(begin)
        random = Random(SEED)
        honest = list(honest_weeks(Work(county.build(random), clock, random), begin))
        last = weeks.of(begin).previous()
        for _each in honest:
            last = weeks.of(last.end)
        pair = beside(lambda: flags.found(last), lambda: _read(last), warm_up=1, rounds=ROUNDS)
    cards = [len(each.flags) / HUNDREDS for each in honest]
    return Found(
        [
            _kinds(honest),
            f"""The log had {honest[-1].entries:,} entries at the end. Finding a week's flags took
            {median(each.seconds for each in honest):.1f} s in the middle.""",
            Table(["what", *FIGURES], [(FIND, *pair.own.figures), (READ, *pair.reference.figures)]),
        ],
        {
            CARDS: sum(cards) / len(cards),
            WORST: max(cards),
            f"{FIND}, of {READ}": pair.ratio,
        },
    )


def _kinds(honest: list[HonestWeek]) -> Table:
    """Return how often each kind is flagged in a week."""
    total: Counter[str] = sum((each.kinds for each in honest), Counter())
    rows = [(str(kind.label), total[kind] / len(honest), max(each.kinds[kind] for each in honest)) for kind in FlagKind]
    return Table(["kind of flag", "a week, mean", "a week, most"], rows)


def _read(week: Week) -> int:
    return len(list(AuditEntry.objects.filter(at__gte=week.begin, at__lt=week.end)))
