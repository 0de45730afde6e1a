"""The shop's part in the return of a CORE: what it is worth, and where its return goes on."""

from django.urls import reverse

from integration import return_hooks
from integration.models import Core
from integration.return_hooks import ReturnHook, Shown
from shop.presenters.returns import QuoteCard
from shop.selectors.returns import live_of
from shop.selectors.worth import quote_of
from shop.services import returns

WORTH = "shop/public/returns/worth.html"


def register() -> None:
    """Add it."""
    return_hooks.register(ReturnHook(name="shop", begun=returns.begun, shown=shown, page=page))


def shown(core: Core) -> Shown | None:
    """Return what the page that asks says of the money, None for a CORE that was not bought here."""
    quote = quote_of(core)
    return (WORTH, {"card": QuoteCard(quote)}) if quote is not None else None


def page(core: Core) -> str:
    """Return where the return of a CORE goes on, "" for nowhere."""
    back = live_of(core)
    return reverse("return", args=[back.pk]) if back is not None else ""
