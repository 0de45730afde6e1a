"""One story from both sides: an older agreement, the new one, the choice, the glass, and the mail after it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from fusus_portal.ground.accounts.models import User
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.agency import services as agency
from fusus_portal.ground.agency.models import WORDS_NOTICE
from integration.live.services import views
from integration.sharing.models import SharingAgreement
from integration.sharing.policies import GLASS, GLASS_TERMS, OLDER_WORDS
from tests.agency.earlier_words import before_anybody_was_told, days_go_by, signed_under_the_first_words
from tests.browser.conftest import OpenWindow
from tests.browser.mailbox import Mailbox
from tests.browser.sizes import DESKTOP, PHONE
from tests.browser.window import Window
from tests.database.clone import Clone
from tests.factories import person
from tests.integration.critical.scenes import Scene, glass_of, scene

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_owner_and_officers_read_the_same_of_broken_glass(
    open_window: OpenWindow, mailbox: Mailbox, portal_db: Clone
) -> None:
    night, second = scene(critical=False, verified=False, glass=False), person(Role.DEPUTY)
    signed_under_the_first_words(SharingAgreement.objects.get(registrant=night.registrant))
    before_anybody_was_told(portal_db)
    owner, deputy = open_window("owner", size=PHONE), open_window("deputy", size=DESKTOP)
    owner.is_signed_in_as(night.owner)
    deputy.is_signed_in_as(night.deputy)
    agency.announce_due_versions()
    then_the_older_words_allow_nothing(owner, night)
    then_who_signed_is_told(mailbox, night)
    glass_of(night, second=second)
    then_the_deputy_reads_the_same(deputy, night)
    days_go_by(portal_db, WORDS_NOTICE + timedelta(days=1))
    when_the_owner_signs_and_chooses(owner, night)
    then_both_read_after_the_view(deputy, owner, mailbox, night, second)


def then_who_signed_is_told(mailbox: Mailbox, night: Scene) -> None:
    letter = mailbox.wait_for(night.owner.email, r"(?s)Sharing agreement: version 2 holds from .*")
    said = " ".join(letter.split())
    assert str(GLASS_TERMS) in said
    assert str(OLDER_WORDS) in said


def then_the_older_words_allow_nothing(owner: Window, night: Scene) -> None:
    owner.open(reverse("own_sharing"))
    owner.reads(str(OLDER_WORDS))
    owner.reads("Version 2 is announced. It can be signed from")
    owner.open(reverse("sharing_rule", args=[night.camera.pk]))
    owner.reads(str(GLASS_TERMS))
    owner.page.locator("label", has_text=str(GLASS)).click()
    owner.press("Save the rule")
    owner.reads(str(OLDER_WORDS))


def then_the_deputy_reads_the_same(deputy: Window, night: Scene) -> None:
    deputy.open(reverse("incident_live", args=[night.incident.pk]))
    deputy.arrives("See cameras live")
    deputy.reads(str(OLDER_WORDS))


def when_the_owner_signs_and_chooses(owner: Window, night: Scene) -> None:
    owner.open(reverse("sharing_sign"))
    owner.reads("Broken glass: two officers, no supervisor reached, half an hour")
    owner.fill("Your full name", "Rosa Diaz")
    owner.fill("Your position in the business", "Owner")
    owner.page.get_by_text("I have read the agreement, and I may sign it for this business.").click()
    owner.press("Check before you sign")
    owner.press("Sign the agreement")
    owner.arrives("Sharing")
    assert str(OLDER_WORDS) not in owner.text()
    assert "is announced" not in owner.text()
    owner.open(reverse("sharing_rule", args=[night.camera.pk]))
    owner.page.locator("label", has_text=str(GLASS)).click()
    owner.press("Save the rule")
    owner.arrives("Sharing")
    owner.reads(str(GLASS))


def then_both_read_after_the_view(deputy: Window, owner: Window, mailbox: Mailbox, night: Scene, second: User) -> None:
    deputy.open(reverse("incident_live", args=[night.incident.pk]))
    assert str(OLDER_WORDS) not in deputy.text()
    views.end(grant=night.view(), by=night.deputy)
    views.notify_owners()
    first, other = night.deputy.pseudonym, second.pseudonym
    said = (
        f"{first} opened the incident and asked for broken glass, and {other} confirmed it. "
        "Nobody had checked the incident before."
    )
    owner.open(reverse("sharing_rule", args=[night.camera.pk]))
    owner.reads(said)
    letter = mailbox.wait_for(night.owner.email, r"(?s)viewed “.*for incident.*")
    assert said in " ".join(letter.split())
