"""Cards on a registrant's profile that other apps add: one for each feature, registered in its `AppConfig.ready`."""

from dataclasses import dataclass

from django.utils.functional import Promise

from fusus_portal.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """One card. url_name: its page, which takes no arguments. roles: who has it. place: lowest first."""

    url_name: str
    title: str | Promise
    text: str | Promise
    label: str | Promise
    roles: frozenset[Role]
    place: int


_cards: dict[str, ProfileCard] = {}


def register(*cards: ProfileCard) -> None:
    """Add cards. Doing it twice has one effect."""
    _cards.update({card.url_name: card for card in cards})


def cards_of(role: str) -> list[ProfileCard]:
    """Return the cards that somebody of a role has, in order."""
    found = [card for card in _cards.values() if role in card.roles]
    return sorted(found, key=lambda card: (card.place, card.url_name))
