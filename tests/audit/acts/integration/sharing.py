"""Acts about the sharing agreement, and about when connected cameras may be seen."""

from datetime import timedelta

from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.agency.selectors import sharing_terms
from integration.sharing.models import SharingAgreement
from integration.sharing.services import agreements, sharing_rules
from integration.sharing.services.sharing_rules import Wish
from tests.audit.acts import Act, calls
from tests.integration.cores.devices import business_at
from tests.integration.sharing.consent import OFFICE_HOURS, connected, owner_of, signed


@calls(agreements.sign, Event.SHARING_SIGNED)
def sign() -> Act:
    """A business signs."""
    business = business_at()
    document = sharing_terms().pk
    return lambda: agreements.sign(
        registrant=business, by=business.user, document=document, signer="Rosa Diaz", title="Manager"
    )


@calls(agreements.revoke, Event.SHARING_REVOKED)
def revoke() -> Act:
    """It takes the agreement back."""
    business = business_at()
    agreement = signed(business)
    return lambda: agreements.revoke(agreement=agreement, by=business.user)


@calls(agreements.end_due, Event.SHARING_ENDED)
def end_due() -> Act:
    """Nobody renewed it."""
    agreement = signed(business_at())
    long_ago = timezone.now() - timedelta(days=400)
    last_day = timezone.localdate() - timedelta(days=35)
    SharingAgreement.objects.filter(pk=agreement.pk).update(signed_at=long_ago, ends_on=last_day)
    return agreements.end_due


@calls(agreements.forget_due, Event.SHARING_FORGOTTEN)
def forget_due() -> Act:
    """A business left long ago."""
    business = business_at()
    agreement = agreements.revoke(agreement=signed(business), by=business.user)
    long_ago = timezone.now() - timedelta(days=4 * 365)
    SharingAgreement.objects.filter(pk=agreement.pk).update(registrant=None, revoked_at=long_ago)
    return agreements.forget_due


@calls(agreements.remind_due, Event.SHARING_REMINDED)
def remind_due() -> Act:
    """It ends next week."""
    agreement = signed(business_at())
    SharingAgreement.objects.filter(pk=agreement.pk).update(ends_on=timezone.localdate() + timedelta(days=7))
    return agreements.remind_due


@calls(sharing_rules.set_rule, Event.SHARING_RULE_CHANGED)
def set_rule() -> Act:
    """A camera may be seen in office hours."""
    camera = connected()
    return lambda: sharing_rules.set_rule(camera=camera, by=owner_of(camera).user, wish=Wish("schedule", OFFICE_HOURS))


@calls(sharing_rules.share_now, Event.SHARING_BEGUN)
def share_now() -> Act:
    """A camera is shared for two hours."""
    camera = connected(mode="ask")
    return lambda: sharing_rules.share_now(camera=camera, by=owner_of(camera).user, hours=2)


@calls(sharing_rules.stop_sharing, Event.SHARING_STOPPED)
def stop_sharing() -> Act:
    """That is stopped."""
    camera = connected(mode="ask")
    by = owner_of(camera).user
    sharing_rules.share_now(camera=camera, by=by, hours=2)
    return lambda: sharing_rules.stop_sharing(camera=camera, by=by)


@calls(sharing_rules.pause, Event.SHARING_PAUSED)
def pause() -> Act:
    """Everything is paused."""
    business = business_at()
    return lambda: sharing_rules.pause(registrant=business, by=business.user)


@calls(sharing_rules.resume, Event.SHARING_RESUMED)
def resume() -> Act:
    """The pause ends."""
    business = business_at()
    sharing_rules.pause(registrant=business, by=business.user)
    return lambda: sharing_rules.resume(registrant=business, by=business.user)
