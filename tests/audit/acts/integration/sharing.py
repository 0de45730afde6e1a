"""Acts about the sharing agreement, and about when connected cameras may be seen."""

from datetime import timedelta

from django.utils import timezone

from audit.log.events import Event
from fusus_portal.ground.agency.selectors import sharing_terms
from integration.sharing import services as sharing
from integration.sharing.models import SharingAgreement
from integration.sharing.services import Wish
from tests.audit.acts import Act, calls
from tests.integration.cores.devices import business_at
from tests.integration.sharing.consent import OFFICE_HOURS, connected, owner_of, signed


@calls(sharing.sign_agreement, Event.SHARING_SIGNED)
def sign() -> Act:
    """A business signs."""
    business = business_at()
    document = sharing_terms().pk
    return lambda: sharing.sign_agreement(
        registrant=business, by=business.user, document=document, signer="Rosa Diaz", title="Manager"
    )


@calls(sharing.revoke_agreement, Event.SHARING_REVOKED)
def revoke() -> Act:
    """It takes the agreement back."""
    business = business_at()
    agreement = signed(business)
    return lambda: sharing.revoke_agreement(agreement=agreement, by=business.user)


@calls(sharing.end_due_agreements, Event.SHARING_ENDED)
def end_due() -> Act:
    """Nobody renewed it."""
    agreement = signed(business_at())
    long_ago = timezone.now() - timedelta(days=400)
    last_day = timezone.localdate() - timedelta(days=35)
    SharingAgreement.objects.filter(pk=agreement.pk).update(signed_at=long_ago, ends_on=last_day)
    return sharing.end_due_agreements


@calls(sharing.forget_due_agreements, Event.SHARING_FORGOTTEN)
def forget_due() -> Act:
    """A business left long ago."""
    business = business_at()
    agreement = sharing.revoke_agreement(agreement=signed(business), by=business.user)
    long_ago = timezone.now() - timedelta(days=4 * 365)
    SharingAgreement.objects.filter(pk=agreement.pk).update(registrant=None, revoked_at=long_ago)
    return sharing.forget_due_agreements


@calls(sharing.remind_of_agreements, Event.SHARING_REMINDED)
def remind_due() -> Act:
    """It ends next week."""
    agreement = signed(business_at())
    SharingAgreement.objects.filter(pk=agreement.pk).update(ends_on=timezone.localdate() + timedelta(days=7))
    return sharing.remind_of_agreements


@calls(sharing.set_rule, Event.SHARING_RULE_CHANGED)
def set_rule() -> Act:
    """A camera may be seen in office hours."""
    camera = connected()
    return lambda: sharing.set_rule(camera=camera, by=owner_of(camera).user, wish=Wish("schedule", OFFICE_HOURS))


@calls(sharing.share_now, Event.SHARING_BEGUN)
def share_now() -> Act:
    """A camera is shared for two hours."""
    camera = connected(mode="ask")
    return lambda: sharing.share_now(camera=camera, by=owner_of(camera).user, hours=2)


@calls(sharing.stop_sharing, Event.SHARING_STOPPED)
def stop_sharing() -> Act:
    """That is stopped."""
    camera = connected(mode="ask")
    by = owner_of(camera).user
    sharing.share_now(camera=camera, by=by, hours=2)
    return lambda: sharing.stop_sharing(camera=camera, by=by)


@calls(sharing.pause_sharing, Event.SHARING_PAUSED)
def pause() -> Act:
    """Everything is paused."""
    business = business_at()
    return lambda: sharing.pause_sharing(registrant=business, by=business.user)


@calls(sharing.resume_sharing, Event.SHARING_RESUMED)
def resume() -> Act:
    """The pause ends."""
    business = business_at()
    sharing.pause_sharing(registrant=business, by=business.user)
    return lambda: sharing.resume_sharing(registrant=business, by=business.user)
