"""All of it together: businesses, the office, the payment service and the portal's own worker, day by day."""

import random
from functools import partial

from celery import current_app
from django.conf import settings

from shop.books import services as books
from tests.peers.payments import PaymentPeer
from tests.shop.connections.renewed import mails_go_out
from tests.shop.year.business import Business
from tests.shop.year.days import Days
from tests.shop.year.office import Office
from tests.shop.year.plan import lives
from tests.shop.year.service import Service

LAST_DAY = 430
"""A year after the last of them has joined, and the time in which a second year that is not paid ends."""

COMPARED_EVERY = 14
TROUBLED, NO_MAIL = 0.15, 0.1
"""Of all days on so many the worker meets the faults of the day; on so many no mail leaves."""

NIGHTLY = "shop.compare_books_nightly"


class World:
    """So many businesses, from one seed."""

    def __init__(self, peer: PaymentPeer, *, size: int, seed: int) -> None:
        self.peer, self._chance = peer, random.Random(seed)  # noqa: S311  (a plan, no secret)
        self.days = Days(peer, self._chance)
        self.service = Service(peer, self._chance)
        self.office = Office(self.days, self.service, self._chance)
        self.office.orders_more(size)
        self.businesses = [Business(life, self.office) for life in lives(self._chance, size)]
        for business in self.businesses:
            self.days.on(business.life.joins, business.joins)

    def live(self) -> None:
        """Let all days pass."""
        for day in range(LAST_DAY + 1):
            self.days.begin(day)
            self._day()
            if day % COMPARED_EVERY == 0:
                self.compare()
                self.office.bank_sends_back()
        self.settle()

    def _day(self) -> None:
        """Let people act, the service tell and fail, and the worker do what it does every minute."""
        acts = self.days.acts()
        if acts:
            self.service.fail_somehow()
        for act in acts:
            act()
        self.service.tell()
        if self._chance.random() < TROUBLED:
            self._work()
        self.service.mend()
        self._work()

    def _work(self) -> None:
        """Let mails go out on most days, and let the worker do what it does every few minutes."""
        self.days.wait(90)
        if self._chance.random() >= NO_MAIL:
            mails_go_out()
        for work in self._beat():
            work()

    @staticmethod
    def _beat() -> list["partial[object]"]:
        """Return what the worker of the portal does for the shop, but for the comparison."""
        names = {str(each["task"]) for each in settings.CELERY_BEAT_SCHEDULE.values()}
        mine = sorted(name for name in names if name.startswith("shop.") and name != NIGHTLY)
        current_app.loader.import_default_modules()
        return [partial(current_app.tasks[name]) for name in mine]

    def compare(self) -> int:
        """Compare the books, and let staff look into what that leaves; return how many differences there were."""
        self.days.wait(5)
        found = books.compare_nightly()
        self.office.settles_tasks()
        self.office.writes_checks()
        return found

    def settle(self) -> None:
        """Let the last days pass until nothing is on its way any more."""
        for day in range(LAST_DAY + 1, LAST_DAY + 40):
            self.days.begin(day)
            self._day()
        self.compare()

    def stop(self) -> None:
        """Let time be as it is."""
        self.days.stop()
