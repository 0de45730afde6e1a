"""Pages and acts of a reviewer from an oversight board or a public defender's office."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.log.models import AuditEntry
from fusus_portal.ground.accounts.models import User
from fusus_portal.oversight.review.models import ReviewFinding
from fusus_portal.oversight.review.services import reviews
from integration.live.services import gate
from registry.incidents.models import Incident
from registry.places.models import Camera
from tests.factories import draft_of, incident_at, registrant_at
from tests.integration.critical.scenes import scene
from tests.oversight.review.reviewing import (
    FOLLOW_UP,
    NOTE,
    card_of_search,
    close_incidents,
    drawn,
    flag_of,
    read,
)

pytestmark = pytest.mark.django_db


class TestFromOutside:
    """A reviewer of an oversight board or a public defender's office."""

    def test_reads_what_was_done_and_no_owner_place_or_reason(self, reviewer_client: Client, deputy: User) -> None:
        card = card_of_search(by=deputy)
        incident = Incident.objects.get()
        close_incidents()
        page = read(reviewer_client, "review_card", card.pk)
        assert "prepared a canvass" in page
        camera = Camera.objects.select_related("premises__registrant__user").get()
        for private in (
            incident.number, str(incident.pk), incident.place, str(camera.pk), camera.premises.zip_code,
            camera.premises.registrant.user.email, "grey van", deputy.email, deputy.pseudonym,
        ):  # fmt: skip
            assert private not in page

    def test_reads_one_search_as_one_line(self, reviewer_client: Client, deputy: User) -> None:
        registrant_at(cameras=3)
        draft_of(incident_at(by=deputy), by=deputy)
        card = drawn().cards.get()
        close_incidents()
        page = read(reviewer_client, "review_card", card.pk)
        assert page.count("found this camera") == 1
        assert "fewer than 5 cameras of fewer than 5 owners" in page

    def test_reads_nothing_of_an_open_incident(self, reviewer_client: Client) -> None:
        card = card_of_search()
        assert reviewer_client.get(reverse("review_card", args=[card.pk])).status_code == 403
        assert reviewer_client.get(reverse("review_find", args=[card.pk])).status_code == 403
        queue = read(reviewer_client, "review")
        assert str(card.pk) not in queue
        assert "One card has to do with an incident that is open" in queue

    def test_makes_a_finding_and_no_more(self, reviewer: User, reviewer_client: Client) -> None:
        card = card_of_search()
        close_incidents()
        read(reviewer_client, "review_card", card.pk)
        for name in ("review_fine", "review_ask"):
            assert reviewer_client.post(reverse(name, args=[card.pk])).status_code == 403
        day = timezone.localdate()
        said = {"note": NOTE, "follow_up": FOLLOW_UP, "due_on": f"{day}"}
        assert reviewer_client.post(reverse("review_find", args=[card.pk]), said).status_code == 302
        assert ReviewFinding.objects.get().made_by == reviewer
        assert reviewer_client.post(reverse("review_sign", args=[card.week_id])).status_code == 403
        for name in ("audit", "review_findings", "review_questions", "incidents", "people"):
            assert reviewer_client.get(reverse(name)).status_code == 403

    @pytest.mark.django_db(transaction=True)
    def test_reads_no_card_whose_refusals_were_for_an_open_incident(
        self, reviewer_client: Client, auditor_client: Client
    ) -> None:
        there = scene()
        gate.note_refusal_before("critical", by=there.deputy, camera=there.camera, incident=there.incident)
        card = drawn(flag_of(AuditEntry.objects.filter(event="integration:view:refuse"))).cards.get()
        assert reviewer_client.get(reverse("review_card", args=[card.pk])).status_code == 403
        assert auditor_client.get(reverse("review_card", args=[card.pk])).status_code == 200

    def test_the_paper_with_questions_and_answers_is_for_auditors(
        self, reviewer_client: Client, auditor: User, auditor_client: Client
    ) -> None:
        week = reviews.sign_week(week=drawn(), by=auditor)
        assert reviewer_client.get(reverse("review_paper", args=[week.pk])).status_code == 403
        assert AuditEntry.objects.filter(event="audit:review:take").count() == 0
        page = read(reviewer_client, "review_week", week.pk)
        week.refresh_from_db()
        assert week.paper_hash in page
        assert reverse("review_paper", args=[week.pk]) not in page
        assert reverse("review_paper", args=[week.pk]) in read(auditor_client, "review_week", week.pk)

    def test_a_queue_of_open_incidents_is_not_called_empty(self, reviewer_client: Client) -> None:
        card_of_search()
        queue = read(reviewer_client, "review")
        for untrue in ("Nobody searched", "0 of 0", "Auditors read the log"):
            assert untrue not in queue

    def test_the_start_page_has_no_more_than_the_review(self, reviewer_client: Client) -> None:
        card_of_search()
        page = read(reviewer_client, "console")
        assert "Weekly review of" in page
        assert Incident.objects.get().number not in page
