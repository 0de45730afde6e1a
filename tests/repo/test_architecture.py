"""docs/architecture.md: its picture is what the code imports, and what it names is in the code."""

import re
from dataclasses import replace

import pytest

from fusus_portal.tools.architecture import (
    PAGE,
    Code,
    between_layers,
    between_nouns,
    picture,
    read,
    redrawn,
    reduced,
)
from tests.repo.sources import ROOT

ORDERS, PAYMENTS, RETURNS = "shop.orders", "shop.payments", "shop.returns"
SMALL = Code(
    modules=frozenset(
        {
            *(f"{noun}.services" for noun in (ORDERS, PAYMENTS, RETURNS)),
            *(ORDERS, PAYMENTS, RETURNS, "shop", "shop.orders.views", "shop.returns.models", "shop.apps"),
            *("ground", "ground.site", "ground.access", "ground.access.marks", "ground.lengths"),
        }
    ),
    imports=frozenset(
        {
            ("shop.payments.services", "shop.orders.services"),
            ("shop.orders.views", "shop.payments.services"),
            ("shop.orders.views", "shop.returns.models"),
            ("shop.returns.services", "shop.payments.services"),
            ("shop.returns.services", "shop.orders.services"),
            ("shop.orders.views", "ground.access.marks"),
            ("shop.apps", "ground.lengths"),
            ("ground.site", "shop.orders.services"),
            ("ground.site", "ground.access"),
        }
    ),
    layers=(("shop",), ("ground.access",)),
    parts=frozenset({"models", "services", "views"}),
)
PICTURE = """\
flowchart TB
    wiring["wires everything: site"]
    subgraph shop
        shop_orders[orders]
        shop_payments[payments]
        shop_returns[returns]
        shop_payments --> shop_orders
        shop_returns --> shop_payments
    end
    ground_access["access"]
    shop --> ground_access
    wiring --> shop
"""


def imported(*more: tuple[str, str]) -> Code:
    """Return the small code with further imports."""
    return replace(SMALL, imports=SMALL.imports | set(more))


def test_the_committed_picture_is_what_the_code_imports() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == redrawn(page, picture(read())), "The picture of docs/architecture.md differs. Run `make picture`."


def test_a_picture_shows_nouns_and_layers_and_no_arrow_that_others_imply() -> None:
    assert picture(SMALL) == PICTURE


def test_of_two_nouns_that_call_each_other_the_services_tell_the_direction() -> None:
    nouns = SMALL.nouns("shop")
    assert (PAYMENTS, ORDERS) in between_nouns(SMALL, nouns)
    assert (ORDERS, PAYMENTS) not in between_nouns(SMALL, nouns)
    both = imported(("shop.orders.services", "shop.payments.services"))
    assert {(PAYMENTS, ORDERS), (ORDERS, PAYMENTS)} <= between_nouns(both, nouns)


def test_an_arrow_up_begins_at_the_noun_that_makes_the_exception() -> None:
    upside_down = replace(SMALL, layers=SMALL.layers[::-1])
    assert between_layers(upside_down)[1] == {("shop_orders", "ground_access")}
    assert "    shop_orders -.-> ground_access\n" in picture(upside_down)


@pytest.mark.parametrize("module", ["shop.services", "shop.views"])
def test_an_app_that_is_laid_out_by_layer_is_one_box(module: str) -> None:
    by_layer = replace(SMALL, modules=SMALL.modules | {module, f"{module}.orders"})
    assert by_layer.nouns("shop") == []
    assert '    shop["shop"]\n' in picture(by_layer)


def test_a_circle_stays_a_circle() -> None:
    circle = [("a", "b"), ("b", "c"), ("c", "a")]
    assert reduced(circle) == circle
    assert reduced([*circle, ("a", "c")]) == circle


def test_only_the_picture_of_a_page_is_drawn_anew() -> None:
    page = "# Page\n```mermaid\nold\n```\nRest.\n```sh\nmake\n```\n"
    assert redrawn(page, "new\n") == page.replace("old", "new")


def test_what_the_page_says_to_be_in_a_file_is_there() -> None:
    page = PAGE.read_text(encoding="utf-8").partition("## One act")[2]
    named = re.findall(r"`(\w+)`\s+(?:in|\()\s*`([\w/]+\.py)`", page)
    assert len(named) > 5
    assert [each for each in named if not re.search(rf"\b{each[0]}\b", (ROOT / each[1]).read_text("utf-8"))] == []
