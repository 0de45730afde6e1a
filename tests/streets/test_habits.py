"""Streets that are called and numbered in other ways than those of the demo's town."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fusus_portal.ground.streets import services
from fusus_portal.ground.streets.finder import search as finder
from fusus_portal.ground.streets.readers import open_source

ELSEWHERE = (
    "84-12 Calle del Sol", "120 County Road 17", "5 US Hwy 31", "7 Avenue E", "9 W 4th St N", "9 W 4th St S",
    "3 Private Road 9", "4 East Ave",
)  # fmt: skip


pytestmark = pytest.mark.usefixtures("world")


def make_world() -> None:
    """Load streets of other habits."""
    rows = [text.split(" ", 1) for text in ELSEWHERE]
    lines = [f"-86.7985,33.50{at}3,{number},{street}\n" for at, (number, street) in enumerate(rows)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "b.csv"
        path.write_text("LON,LAT,NUMBER,STREET\n" + "".join(lines))
        services.load_streets(sources=[open_source(path)])


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("84-12 calle del sol", "84-12 Calle del Sol"),
        ("8412 del sol", "84-12 Calle del Sol"),
        ("84-12 Call", "84-12 Calle del Sol"),
        ("120 CR 17", "120 County Road 17"),
        ("120 Co. Rd. 17", "120 County Road 17"),
        ("120 Highway 17", "120 County Road 17"),
        ("5 highway 31", "5 US Hwy 31"),
        ("5 U.S. Route 31", "5 US Hwy 31"),
        ("7 ave e", "7 Avenue E"),
        ("7 E Avenue", "7 Avenue E"),
        ("9 west fourth street south", "9 W 4th St S"),
        ("9 w 4th st n", "9 W 4th St N"),
        ("120 co rad 17", "120 County Road 17"),
        ("3 prvate road 9", "3 Private Road 9"),
        ("4 est ave", "4 East Ave"),
        ("7 avnue e", "7 Avenue E"),
    ],
)
def test_other_habits(text: str, label: str) -> None:
    assert finder.find_places(text)[0].label == label


def test_two_streets_that_differ_in_their_second_direction_are_two() -> None:
    assert {each.label for each in finder.find_places("9 W 4th St")[:2]} == {"9 W 4th St N", "9 W 4th St S"}
