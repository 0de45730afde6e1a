"""The shop's part in the return of a CORE: what it is worth, and where its return goes on."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from fusus_portal.accounts.roles import Role
from fusus_portal.agency import sections
from fusus_portal.agency.sections import Section
from integration import return_hooks
from integration.models import Core
from integration.return_hooks import ReturnHook, Shown
from registry import profile_cards
from registry.profile_cards import ProfileCard
from shop.presenters.returns import QuoteCard
from shop.selectors.returns import live_of
from shop.selectors.worth import quote_of
from shop.services import returns, shelving

WORTH = "shop/public/returns/worth.html"


def register() -> None:
    """Add it, with its pages."""
    return_hooks.register(
        ReturnHook(name="shop", begun=returns.begun, shown=shown, page=page, restocked=shelving.put_back)
    )
    profile_cards.register(
        ProfileCard(
            url_name="returns",
            title=gettext_lazy("My returns"),
            text=gettext_lazy("COREs that you give back: how far each is, what goes back for it, and by which day."),
            label=gettext_lazy("See my returns"),
            roles=frozenset({Role.BUSINESS}),
            place=60,
        )
    )
    sections.register(
        Section(
            url_name="deductions",
            title=gettext_lazy("Deductions from returns"),
            text=gettext_lazy("What is taken off the price of a CORE that comes back, by age and by what is missing."),
            place=75,
            label=gettext_lazy("See what is deducted"),
        )
    )


def shown(core: Core) -> Shown | None:
    """Return what the page that asks says of the money, None for a CORE that was not bought here."""
    quote = quote_of(core)
    return (WORTH, {"card": QuoteCard(quote)}) if quote is not None else None


def page(core: Core) -> str:
    """Return where the return of a CORE goes on, "" for nowhere."""
    back = live_of(core)
    return reverse("return", args=[back.pk]) if back is not None else ""
