"""The shop's part in the use of a CORE: its year begins with it, and what its owner reads of that."""

from django.utils.translation import gettext as _

from integration import use_hooks
from integration.models import Core
from integration.use_hooks import Shown, UseHook
from shop.presenters.subscriptions import SubscriptionCard
from shop.selectors.subscriptions import of_core
from shop.services import subscriptions
from shop.states import SubscriptionState

BLOCK = "shop/public/subscriptions/block.html"


def register() -> None:
    """Add it."""
    use_hooks.register(
        UseHook(
            name="shop",
            activated=subscriptions.begin,
            why_stopped=why_stopped,
            shown=shown,
            replaced=subscriptions.move,
        )
    )


def why_stopped(core: Core) -> str:
    """Return why a CORE may not work any more."""
    found = of_core(core)
    if found is not None and found.state == SubscriptionState.LAPSED:
        return _("The year of this CORE is not paid, so nobody sees anything through it until its owner pays.")
    if found is None or found.state != SubscriptionState.ENDED:
        return ""
    return _("The connection of this CORE was canceled, so nobody sees anything through it.")


def shown(core: Core) -> Shown | None:
    """Return what stands on its owner's page, None for one that was not bought."""
    found = of_core(core)
    return (BLOCK, {"card": SubscriptionCard(found)}) if found is not None else None
