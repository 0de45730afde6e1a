"""Pieces that come back to the shelf are counted in the same transaction, and nothing else is."""

from functools import partial

import pytest

from integration.cores.models import Core
from integration.cores.services import cores
from registry.places.models import Premises
from shop.catalogue.models import Stock, StockMovement
from shop.warranty import services as warranty
from tests.factories import person
from tests.integration.cores.devices import business_at, core_at, in_stock
from tests.shop.invariants import stock_is_what_is_reserved
from tests.shop.orders.orders import product
from tests.shop.parcels import parcels
from tests.shop.returns.returned import accepted, begun, bought, received
from tests.shop.warranty.claimed import approved, opened, works
from tests.shop.worlds import ready_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world", "paper")]

make_world = partial(ready_with, businesses=1)


def wiped(core: Core) -> Core:
    """Return a CORE that came back and was wiped."""
    return cores.wipe(core=core, by=person("clerk"), certificate="W-1")


def on_hand(core: Core) -> int:
    """Return what is on the shelf of the only product of a CORE's model."""
    return Stock.objects.get(product__core_model=core.model).on_hand


def test_a_returned_core_is_on_the_shelf_once_it_is_restocked_and_not_before() -> None:
    shipment = parcels.handed_over()
    core = shipment.items.get().core
    assert core is not None
    before = on_hand(core)
    back = accepted(received(begun(core)))
    wiped(back.core)
    assert on_hand(core) == before
    cores.restock(core=core, by=person("clerk"))
    assert on_hand(core) == before + 1
    movement = StockMovement.objects.get(kind="returned")
    assert (movement.core, movement.order, movement.change) == (core, shipment.order, 1)
    stock_is_what_is_reserved({})


def test_what_is_retired_is_not_counted() -> None:
    core = wiped(accepted(received(begun(bought()))).core)
    before = on_hand(core)
    cores.retire(core=core, by=person("clerk"))
    assert on_hand(core) == before
    assert not StockMovement.objects.filter(kind="returned").exists()


def test_a_donated_core_was_never_on_the_shelf() -> None:
    core = wiped(core_at("returning"))
    sold = product()
    type(sold).objects.filter(pk=sold.pk).update(core_model=core.model)
    cores.restock(core=core, by=person("clerk"))
    assert on_hand(core) == 10


def test_under_warranty_one_leaves_the_shelf_and_each_of_the_two_comes_back_to_it() -> None:
    core = bought()
    before = on_hand(core)
    claim = approved(opened(core))
    issued = warranty.replace_core(claim=claim, by=person("clerk"), new=in_stock(model=core.model))
    new = works(issued)
    assert on_hand(core) == before - 1
    warranty.receive_old_core(claim=claim, by=person("clerk"), serial=core.serial)
    cores.restock(core=wiped(Core.objects.get(pk=core.pk)), by=person("clerk"))
    assert on_hand(core) == before
    cores.restock(core=wiped(cores.begin_return(core=new, by=person("clerk"))), by=person("clerk"))
    assert on_hand(core) == before + 1
    stock_is_what_is_reserved({})


def test_what_is_kept_for_orders_is_not_taken_for_a_claim() -> None:
    core = bought()
    stock = Stock.objects.get(product__core_model=core.model)
    StockMovement.objects.create(stock=stock, kind="corrected", change=stock.reserved - stock.on_hand)
    warranty.replace_core(claim=approved(opened(core)), by=person("clerk"), new=in_stock(model=core.model))
    stock.refresh_from_db()
    assert stock.free == 0
    stock_is_what_is_reserved({})


def test_the_same_one_comes_back_once_for_each_time_it_left() -> None:
    core = wiped(accepted(received(begun(bought()))).core)
    cores.restock(core=core, by=person("clerk"))
    before = on_hand(core)
    again = wiped(cores.begin_return(core=core_of_owner(core), by=person("clerk")))
    cores.restock(core=again, by=person("clerk"))
    assert on_hand(core) == before


def core_of_owner(core: Core) -> Core:
    """Return a CORE that was given to a business without an order."""
    owner, clerk = business_at(), person("clerk")
    place = Premises.objects.filter(registrant=owner).get()
    return cores.ship(core=cores.allocate(core=core, by=clerk, registrant=owner, premises=place).core, by=clerk)
