"""`make messages` collects the sentences marked for translation and compiles the Spanish ones.

Collecting needs GNU gettext. The compiled catalog is committed, so running and testing the portal do not.
"""

import os
import sys
from pathlib import Path

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

CHECKOUT = Path(__file__).resolve().parents[2]
CATALOG = CHECKOUT / "locale" / "es" / "LC_MESSAGES" / "django.po"
COMPILED = CATALOG.with_suffix(".mo")

CONSOLE = (
    "audit/console/",
    "audit/ledger/services",
    "fusus_portal/ground/accounts/extensions",
    "fusus_portal/ground/accounts/presenters",
    "fusus_portal/ground/agency/extensions",
    "fusus_portal/ground/agency/forms",
    "fusus_portal/ground/agency/models",
    "fusus_portal/ground/agency/hooks",
    "fusus_portal/ground/agency/sentences",
    "fusus_portal/ground/agency/services",
    "fusus_portal/ground/agency/views",
    "fusus_portal/demo/",
    "fusus_portal/oversight/homes/",
    "fusus_portal/oversight/review/extensions",
    "fusus_portal/oversight/review/flags/",
    "fusus_portal/oversight/review/forms",
    "fusus_portal/oversight/review/models",
    "fusus_portal/oversight/review/policies",
    "fusus_portal/oversight/review/presenters/cards",
    "fusus_portal/oversight/review/presenters/queue",
    "fusus_portal/oversight/review/selectors",
    "fusus_portal/oversight/review/services",
    "fusus_portal/oversight/review/states",
    "fusus_portal/oversight/review/views",
    "fusus_portal/ground/pages/times",
    "fusus_portal/ground/table_forms",
    "integration/clips/forms",
    "integration/critical/",
    "integration/live/extensions",
    "integration/live/forms",
    "integration/live/models",
    "integration/live/policies",
    "integration/live/selectors",
    "integration/live/services/gate",
    "integration/live/services/offers",
    "integration/live/services/views",
    "integration/live/tiles",
    "integration/watch_hours/",
    "registry/canvasses/extensions",
    "registry/canvasses/forms",
    "registry/canvasses/presenters/console",
    "registry/canvasses/services/approvals",
    "registry/canvasses/services/canvasses",
    "registry/footage/extensions",
    "registry/footage/presenters",
    "registry/footage/views/evidence",
    "registry/incidents/extensions",
    "registry/incidents/forms",
    "registry/incidents/policies/dispatch",
    "registry/incidents/presenters/",
    "registry/incidents/selectors",
    "registry/incidents/services/",
    "registry/incidents/views",
    "registry/coverage/",
    "registry/imports/extensions",
    "registry/imports/forms",
    "registry/imports/parser/",
    "registry/imports/policies",
    "registry/imports/presenters",
    "registry/imports/selectors",
    "registry/imports/services/exports",
    "registry/imports/services/imports",
    "registry/imports/views",
    "registry/limits/",
    "registry/other_counties/extensions",
    "registry/other_counties/forms",
    "registry/other_counties/presenters",
    "registry/other_counties/views",
    "registry/people/extensions",
    "registry/places/extensions",
    "shop/books/forms",
    "shop/books/policies",
    "shop/books/presenters",
    "shop/books/selectors",
    "shop/books/views",
    "shop/catalogue/extensions",
    "shop/catalogue/policies",
    "shop/catalogue/services",
    "shop/limits/",
    "shop/orders/services/taxes",
    "shop/orders/views/approvals",
    "shop/parcels/forms",
    "shop/parcels/policies",
    "shop/parcels/presenters",
    "shop/parcels/services",
    "shop/parcels/views",
    "shop/payments/extensions",
    "shop/payments/forms",
    "shop/payments/policies",
    "shop/payments/presenters",
    "shop/returns/presenters/cases",
    "templates/audit/",
    "templates/console/",
    "templates/demo/",
    "templates/errors/console",
    "templates/integration/clips/console/",
    "templates/integration/cores/console/",
    "templates/integration/cores/kinds/",
    "templates/integration/critical/",
    "templates/integration/live/console/",
    "templates/integration/watch_hours/",
    "templates/oversight/review/",
    "templates/registry/access_log/delay_end",
    "templates/registry/access_log/delay_new",
    "templates/registry/access_log/delay_renew",
    "templates/registry/access_log/delays",
    "templates/registry/canvasses/canvass",
    "templates/registry/canvasses/purpose",
    "templates/registry/components/",
    "templates/registry/coverage/",
    "templates/registry/footage/evidence",
    "templates/registry/footage/holds",
    "templates/registry/footage/replies",
    "templates/registry/footage/retention",
    "templates/registry/imports/acts",
    "templates/registry/imports/batch",
    "templates/registry/imports/columns",
    "templates/registry/imports/counts",
    "templates/registry/imports/exports",
    "templates/registry/imports/list",
    "templates/registry/imports/mapped",
    "templates/registry/imports/progress",
    "templates/registry/incidents/",
    "templates/registry/joins/",
    "templates/registry/other_counties/agencies/",
    "templates/registry/other_counties/leads/",
    "templates/shop/books/",
    "templates/shop/catalogue/admin/",
    "templates/shop/connections/unpaid_years",
    "templates/shop/orders/approvals/",
    "templates/shop/orders/tax_rates/",
    "templates/shop/parcels/",
    "templates/shop/payments/confirm",
    "templates/shop/payments/refund",
    "templates/shop/returns/cases/",
    "templates/shop/warranty/cases/",
)
"""Files that only people of the agency read; their sentences may stay English."""

DATES = ("POT-Creation-Date", "PO-Revision-Date")
"""Headers of the catalog that would change on every run; git has the dates."""


ALSO_CALLED = ("_now", "_later")
"""Other names for gettext than `_`, in modules that use both the immediate and the lazy one."""


class Collecting(makemessages.Command):
    """Django's makemessages without fuzzy matches: a changed sentence waits for a new translation."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
    xgettext_options = [*makemessages.Command.xgettext_options, *(f"--keyword={name}" for name in ALSO_CALLED)]


def is_public(file: str) -> bool:
    return not file.startswith(CONSOLE)


def untranslated(catalog: polib.POFile) -> list[str]:
    return [
        entry.msgid
        for entry in catalog
        if any(is_public(file) for file, _line in entry.occurrences) and not (entry.translated() and not entry.fuzzy)
    ]


def collect() -> None:
    call_command(
        Collecting(),
        locale=["es"],
        no_obsolete=True,
        no_wrap=True,
        add_location="file",
        ignore_patterns=["bench", "build", "node_modules", "tests"],
    )


def main() -> int:
    os.chdir(CHECKOUT)
    settings.configure(LOCALE_PATHS=[CHECKOUT / "locale"])
    collect()
    catalog = polib.pofile(str(CATALOG), wrapwidth=0)
    for name in DATES:
        catalog.metadata.pop(name, None)
    catalog.save()
    COMPILED.write_bytes(catalog.to_binary())
    missing = untranslated(catalog)
    for sentence in missing:
        sys.stdout.write(f"no Spanish yet: {sentence}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
