"""Promises about connected cameras, which are seen only through a CORE."""

from django.utils.translation import gettext_lazy as _

from fusus_portal.promises.promise import Promise, Topic

INTEGRATION = (
    Promise(
        key="I1",
        topic=Topic.COST,
        question=_("What does it cost to connect cameras?"),
        answer=_("The shop shows the price, the yearly fee and the total for each year before you sign up."),
        control=_("A product can't be shown without its whole price."),
        kept_by=(
            "shop.catalogue.selectors.offers_of",
            "shop.catalogue.presenters.first_year_of",
            "shop.catalogue.views.shop",
        ),
        tests=("tests/shop/catalogue/test_shop_pages.py",),
    ),
    Promise(
        key="I2",
        topic=Topic.DEVICES,
        question=_("When can deputies see a connected camera?"),
        answer=_(
            "Only during a critical incident nearby, only through the CORE, and never around the clock. A "
            "supervisor who did not open the incident declares it critical; kinds of incident that the office has "
            "named are critical as soon as our dispatch center sends them. Where no supervisor can be reached, two "
            "people of the office can do so once, for half an hour. That shows only cameras whose owner signed for it "
            "and chose it. Supervisors, administrators and auditors are told at once, and one of the two must write "
            "why. A camera that was seen in this way is closed to any other such case for 24 hours, and nobody takes "
            "part in it more than twice in a week."
        ),
        since=2,
        before=_(
            "Only during a critical incident nearby, only through the CORE, and never around the clock. A "
            "supervisor who did not open the incident declares it critical; kinds of incident that the office has "
            "named are critical as soon as our dispatch center sends them. Where no supervisor can be reached, two "
            "people of the office can do so once, for half an hour: supervisors, administrators and auditors are "
            "told at once, and one of the two must write why. A camera that was seen in this way is closed to any "
            "other such case for 24 hours, and nobody takes part in it more than twice in a week."
        ),
        control=_(
            "Whether somebody may look is asked again and again while video runs, so that it stops within two seconds. "
            "The answer is no by default."
        ),
        figure="live",
        kept_by=(
            "integration.live.policies.decide",
            "integration.live.services.gate.look",
            "integration.live.services.gate.look_at_all",
            "integration.live.services.views.start",
            "integration.critical.services.declare_critical",
            "integration.critical.services.declare_by_type",
            "integration.critical.services.break_glass",
            "integration.critical.policies.may_break_glass",
            "integration.sharing.policies.failed_condition",
            "integration.live.services.views.end_refused_views",
        ),
        tests=(
            "tests/integration/live/gate/test_gate.py",
            "tests/integration/live/views/test_views.py",
            "tests/integration/live/gate/test_view_guard.py",
            "tests/integration/live/gate/test_gate_machine.py",
            "tests/integration/live/views/test_live_pages.py",
            "tests/integration/relay/test_relay.py",
            "tests/integration/critical/test_declarations.py",
            "tests/integration/critical/test_break_glass.py",
            "tests/integration/critical/test_invented_incidents.py",
            "tests/integration/critical/test_chosen_glass.py",
        ),
    ),
    Promise(
        key="I3",
        topic=Topic.MOVING,
        question=_("What happens to my CORE when I move?"),
        answer=_("Inside the county it moves with you. Outside the county, sharing ends and you can return it."),
        control=_("A CORE belongs to one of your places. When that place leaves the registry, sharing ends."),
        kept_by=(
            "integration.cores.services.cores.place_moves",
            "integration.cores.services.cores.place_ends",
        ),
        tests=("tests/integration/cores/test_registry_changes.py",),
    ),
    Promise(
        key="I4",
        topic=Topic.ACCOUNT,
        question=_("Who decides about my connected cameras?"),
        answer=_("You do. You manage devices, cameras and the times of sharing on your own page."),
        control=_("Only the owner can change a sharing rule, and a pause works at once."),
        figure="refusals",
        kept_by=(
            "integration.sharing.services.set_rule",
            "integration.sharing.services.pause_sharing",
            "integration.cores.services.cameras.connect",
        ),
        tests=(
            "tests/integration/sharing/test_sharing.py",
            "tests/integration/sharing/test_sharing_pages.py",
            "tests/integration/cores/test_device_pages.py",
        ),
    ),
    Promise(
        key="I5",
        topic=Topic.DEVICES,
        question=_("Which cameras work with a CORE?"),
        answer=_("Any camera that the CORE can read, of any maker. We ask only for its name and place."),
        control=_("The portal has no list of allowed makers."),
        kept_by=("integration.cores.services.cameras.connect",),
        tests=(
            "tests/integration/cores/test_device_pages.py",
            "tests/integration/reference/test_run_core.py",
        ),
    ),
    Promise(
        key="I6",
        topic=Topic.DEVICES,
        question=_("What if my CORE breaks?"),
        answer=_(
            "An active CORE is under warranty. You report the problem on its page, and we take care of it for free."
        ),
        control=_("A replacement stays connected for the rest of the time that you paid for."),
        kept_by=("shop.warranty.services.open_claim", "shop.warranty.services.replace_core"),
        tests=("tests/shop/warranty/test_warranty.py",),
    ),
    Promise(
        key="I7",
        topic=Topic.COST,
        question=_("Do I get money back when I return a CORE?"),
        answer=_(
            "Yes, at any time. You see the amount before you send it, and unused months of the fee are paid back too."
        ),
        control=_(
            "What you get back is written down when you ask, by the list that was published when you bought. The "
            "database refuses to pay it twice, or to pay nothing."
        ),
        kept_by=(
            "shop.returns.services",
            "shop.returns.worth.goes_back",
            "shop.migrations.0003_after_sales",
        ),
        tests=(
            "tests/shop/returns/test_returns.py",
            "tests/shop/returns/test_return_pages.py",
            "tests/shop/returns/test_return_races.py",
            "tests/shop/returns/test_worth.py",
        ),
    ),
    Promise(
        key="I8",
        topic=Topic.COST,
        question=_("Can I cancel a connection?"),
        answer=_(
            "Yes, at any time and without a reason. Sharing stops the moment you say so. There is no trial period."
        ),
        control=_("Canceling takes no more steps than signing up."),
        kept_by=(
            "shop.connections.services.subscriptions.cancel_now",
            "shop.connections.services.subscriptions.cancel_with_year",
            "shop.connections.services.years.end_waiting",
        ),
        tests=("tests/shop/connections/test_subscriptions.py", "tests/shop/connections/test_ended_years.py"),
    ),
)
