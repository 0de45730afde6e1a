"""For each promise about the registry, and some about the log: where it is seen over HTTP, in both directions.

Each line names the test by which the promise is seen to hold, and the test by which its breach is refused, as
`path::test` or `path::Class::test` below `tests/`. Both speak to the portal as a browser does.
"""

from typing import NamedTuple


class BothWays(NamedTuple):
    """Two tests of a promise."""

    holds: str
    refuses: str


OVER_HTTP: dict[str, BothWays] = {
    "I6": BothWays(
        "shop/warranty/test_warranty.py::test_an_owner_says_what_is_wrong_and_a_clerk_takes_care_of_it",
        "shop/warranty/test_warranty.py::test_no_page_declines_what_is_theirs_and_active",
    ),
    "I7": BothWays(
        "shop/returns/test_return_pages.py::test_a_clerk_takes_a_core_back_and_the_money_goes",
        "shop/returns/test_return_pages.py::test_no_page_declines_what_is_theirs",
    ),
    "I8": BothWays(
        "shop/connections/test_subscriptions.py::test_an_owner_cancels_with_two_presses_and_changes_their_mind",
        "shop/connections/test_subscriptions.py::test_no_page_lets_it_work_again_that_its_owner_ended",
    ),
    "R1": BothWays(
        "registry/people/test_free.py::test_no_step_asks_for_money_and_the_last_one_registers",
        "registry/people/test_free.py::test_a_person_who_does_not_agree_is_not_registered",
    ),
    "R2": BothWays(
        "registry/places/test_camera_pages.py::TestACamera::test_no_page_of_the_registry_asks_for_a_way_in",
        "registry/places/test_no_way_in.py::test_no_text_of_a_person_takes_a_way_in",
    ),
    "R3": BothWays(
        "registry/canvasses/test_near_a_crime.py::TestItHolds::test_a_burglary_that_a_second_person_verified",
        "registry/canvasses/test_near_a_crime.py::TestItRefuses::test_a_camera_that_is_not_nearby",
    ),
    "R4": BothWays(
        "integration/clips/test_clips_and_canvasses.py::test_a_standing_rule_is_silent_once_a_canvass_has_asked",
        "registry/canvasses/requests/test_owner_decides.py::test_nobody_of_the_office_answers_or_takes_what_was_not_given",
    ),
    "R5": BothWays(
        "registry/canvasses/test_no_entry_no_view.py::test_what_is_private_is_shown_with_its_entry_and_not_without",
        "registry/canvasses/test_no_entry_no_view.py::test_footage_is_not_played",
    ),
    "R6": BothWays(
        "registry/people/moves/test_move_pages.py::TestInside::test_the_registration_and_its_cameras_stay",
        "registry/people/moves/test_move_pages.py::TestOutside::test_a_place_outside_can_t_be_kept",
    ),
    "R7": BothWays(
        "registry/people/moves/test_move_pages.py::TestOutside::test_with_consent_a_lead_is_opened_and_named_on_page_and_receipt",
        "registry/people/moves/test_move_pages.py::TestOutside::test_nobody_is_written_to_about_what_nobody_is_asked",
    ),
    "R8": BothWays(
        "registry/people/test_profile.py::TestChanging::test_all_that_a_person_gave_can_be_changed",
        "registry/places/test_place_pages.py::TestAPlace::test_anothers_is_not_there",
    ),
    "R9": BothWays(
        "registry/canvasses/requests/test_own_requests.py::TestWhatBecameOfIt::test_nothing_says_how_the_incident_went_on",
        "agency/test_message_texts.py::test_what_may_not_be_said_is_refused_beside_its_field",
    ),
    "R10": BothWays(
        "registry/places/test_camera_pages.py::TestACamera::test_any_kind_is_welcome",
        "registry/people/test_registration.py::TestThePath::test_a_step_ahead_leads_back_to_the_first_gap",
    ),
    "R11": BothWays(
        "registry/canvasses/requests/test_who_asks.py::test_message_and_page_name_all_of_it",
        "registry/canvasses/requests/test_who_asks.py::test_a_forged_or_foreign_link_tells_nothing",
    ),
    "R12": BothWays(
        "registry/people/departures/test_departure_pages.py::TestLeaving::test_one_press_ends_it_and_shows_the_receipt",
        "registry/people/departures/test_departure_pages.py::TestThePage::test_it_asks_for_the_password_again",
    ),
    "I2": BothWays(
        "integration/live/views/test_live_pages.py::TestStart::test_a_reason_and_one_press_begin_it",
        "integration/live/views/test_live_pages.py::TestStart::test_each_condition_refuses_with_its_sentence_and_its_entry",
    ),
    "I3": BothWays(
        "integration/cores/test_registry_changes.py::test_it_moves_inside_the_county_by_its_page",
        "integration/cores/test_registry_changes.py::test_a_move_out_of_the_county_ends_it_by_its_page",
    ),
    "I4": BothWays(
        "integration/sharing/test_sharing_pages.py::TestTheOverview::test_one_button_pauses_everything_and_one_ends_it",
        "integration/sharing/test_sharing_pages.py::test_another_business_finds_none_of_it",
    ),
    "I5": BothWays(
        "integration/cores/test_device_pages.py::TestConnecting::test_a_camera_is_connected_and_disconnected",
        "integration/cores/test_device_pages.py::TestConnecting::test_what_is_taken_or_unknown_is_not_offered",
    ),
    "I1": BothWays(
        "shop/catalogue/test_shop_pages.py::TestList::test_it_says_what_each_costs_now_and_later",
        "shop/catalogue/test_shop_pages.py::TestList::test_what_is_retired_or_has_no_price_is_not_there",
    ),
    "B1": BothWays(
        "registry/access_log/test_looks.py::TestEveryActOnACamera::test_it_is_on_the_owners_page_with_who_when_and_for_which_incident",
        "registry/access_log/test_delay_pages.py::TestPlacingOne::test_what_goes_beyond_the_promise_is_refused",
    ),
    "B2": BothWays(
        "registry/access_log/test_receipts.py::TestOfOwnEntries::test_each_entry_of_the_list_has_one_that_proves_itself",
        "browser/owners/test_checking.py::test_a_proof_that_was_tampered_with_is_refused",
    ),
    "B3": BothWays(
        "oversight/figures/test_public_pages.py::TestReleased::test_csv_and_json_have_the_same_numbers_and_each_its_checkpoint",
        "oversight/figures/test_checks.py::TestWhatIsNot::test_it_is_an_alarm_and_not_shown_until_it_agrees",
    ),
    "B4": BothWays(
        "registry/incidents/test_reason_first.py::TestASearch::test_it_begins_with_a_reason_that_the_log_keeps",
        "registry/incidents/test_reason_first.py::TestASearch::test_a_phrase_that_says_nothing_finds_nothing",
    ),
    "B5": BothWays(
        "oversight/review/test_review_pages.py::test_a_week_from_the_queue_to_the_signed_pdf",
        "oversight/review/test_from_outside.py::TestFromOutside::test_makes_a_finding_and_no_more",
    ),
    "B6": BothWays(
        "registry/footage/evidence/test_own_files.py::test_the_receipt_is_there_for_the_holder_of_the_link",
        "registry/footage/evidence/test_own_files.py::test_the_receipt_of_somebody_else_has_nothing_of_it",
    ),
    "B7": BothWays(
        "registry/footage/evidence/test_evidence_pages.py::test_downloading_is_an_act_of_its_own",
        "registry/footage/evidence/test_evidence_pages.py::test_it_is_not_there_for_a_deputy_who_is_not_assigned",
    ),
}
