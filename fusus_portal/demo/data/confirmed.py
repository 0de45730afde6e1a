"""Places confirmed in each of the ways. All others wait for confirmation, as most do at first."""

import csv
import io
from collections.abc import Sequence

from django.db import transaction

from fusus_portal.demo.data import places
from fusus_portal.demo.data.neighborhood import MIDDLE, place_of
from fusus_portal.ground.accounts.models import User
from registry.canvasses.models import Canvass
from registry.canvasses.services import requests
from registry.imports.models import ImportBatch
from registry.imports.parser.columns import guess_columns
from registry.imports.services import imports
from registry.letters import policies
from registry.letters import services as letters
from registry.letters.models import Letter, LetterBatch
from registry.people.models import Registrant
from registry.places.models import ConfirmedBy
from registry.places.services import premises
from shop.payments.services import payments

IMPORTED = {"2056 11th Ave S": "Nora Whitman", "2072 11th Ave S": "Earl Simmons"}
"""People of the former registry, by house."""

HEADER = ["Name", "Email", "Street", "City", "Zip", "Lat", "Long", "Camera", "Consent date", "Consent source"]


def by_import(*, administrator: User) -> None:
    if ImportBatch.objects.exists():
        return
    batch = imports.upload(content=_former_registry(), encoding="utf-8", by=administrator)
    batch = imports.check(batch=batch, columns=guess_columns(batch.header), points="rooftop", by=administrator)
    imports.work(pk=batch.pk)
    batch.refresh_from_db()
    imports.start(batch=batch, by=administrator)
    imports.work(pk=batch.pk)


def by_letters(*, people: Sequence[Registrant], clerk: User) -> None:
    """Send letters, once: two with typed codes, one on its way, three for a clerk to open, one that waits.

    The resident's letter is among those to open: a visitor can read its code as a clerk and type it as the resident.
    """
    if Letter.objects.exists():
        return
    resident, _shop, *others = people
    near = sorted(others, key=lambda owner: place_of(owner).point.distance_m(MIDDLE.point))
    sent, to_open, waiting = near[1:4], [resident, *near[4:6]], near[6]
    typed = _printed(sent)
    letters.open_batch(batch=LetterBatch.objects.get(), by=clerk)
    for owner, code in list(zip(sent, typed, strict=True))[:2]:
        letters.enter_code(registrant=owner, by=owner.user, code=code)
    _printed(to_open)
    _ask(waiting)


def at_doors(*, canvass: Canvass, deputy: User) -> None:
    """Let a deputy meet the neighbors of a canvass, except the first two: visitors sign in as those."""
    for owner in Registrant.objects.filter(requests__canvass=canvass).order_by("registered_at")[2:]:
        requests.confirm_door(canvass=canvass, by=deputy, premises=place_of(owner).pk)


def by_card(*, buyer: Registrant) -> None:
    """Confirm a buyer's place as the payment service's answer about a card does."""
    with transaction.atomic():
        premises.confirm(premises=place_of(buyer), way=ConfirmedBy.CARD, actor=payments.SETTLING)


def _former_registry() -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for number, (home, name) in enumerate(IMPORTED.items(), 1):
        house = places.houses()[home]
        address, point = house.address, house.point
        person = [name, f"former{number}@demo.example"]
        where = [address.street, address.city, address.zip_code, point.latitude, point.longitude]
        writer.writerow([*person, *where, "Porch", "2024-05-02", "Paper form"])
    return text.getvalue().encode()


def _printed(owners: Sequence[Registrant]) -> list[str]:
    for owner in owners:
        _ask(owner)
    made = [policies.fresh_code() for _owner in owners]
    letters.make_batch(code=iter(made).__next__)
    return made


def _ask(owner: Registrant) -> None:
    letters.ask_letter(premises=place_of(owner), by=owner.user)
