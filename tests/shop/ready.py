"""Rows that a module's world has ready: the walks of the shop hand them out first, and then make their own."""

from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from integration.cores.models import Core
from registry.registrants.models import Registrant
from shop.catalogue.models import Product
from shop.payments.models import Payment
from tests.shop.payments.paper import Paper

Thing = TypeVar("Thing")


@dataclass
class Ready:
    """Rows, and the payment service that knows of them; `current` is what this test begins with.

    businesses, products: of no order yet. payments: of one CORE by card. cores: bought, sent and at work.
    """

    current: ClassVar["Ready"]

    service: Paper = field(default_factory=Paper)
    businesses: list[Registrant] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    cores: list[Core] = field(default_factory=list)

    @classmethod
    def forget(cls) -> None:
        """Let nothing be ready."""
        cls.current = cls()


Ready.forget()


def taken(things: list[Thing]) -> Thing | None:
    """Return the first thing that is ready, which is then no longer so; `None`: it must be made."""
    return things.pop(0) if things else None
