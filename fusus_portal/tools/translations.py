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

INSIDE = {
    "audit": "console/ ledger/services",
    "fusus_portal": "demo/ oversight/homes/",
    "fusus_portal/ground": "accounts/extensions accounts/presenters pages/times table_forms",
    "fusus_portal/ground/agency": "extensions forms hooks models sentences services views",
    "fusus_portal/oversight/review": (
        "extensions flags/ forms models policies presenters selectors services states views"
    ),
    "integration": "clips/forms critical/ watch_hours/",
    "integration/live": "extensions forms models policies selectors services/gate services/offers services/views tiles",
    "registry": (
        "canvasses/extensions canvasses/forms canvasses/presenters/console canvasses/services/approvals "
        "canvasses/services/canvasses coverage/ footage/extensions footage/presenters footage/views/evidence "
        "limits/ people/extensions places/extensions"
    ),
    "registry/imports": (
        "extensions forms parser/ policies presenters selectors services/exports services/imports views"
    ),
    "registry/incidents": "extensions forms policies/dispatch presenters/ selectors services/ views",
    "registry/other_counties": "extensions forms presenters views",
    "shop": (
        "catalogue/extensions catalogue/policies catalogue/services limits/ orders/services/taxes "
        "orders/views/approvals returns/presenters/cases"
    ),
    "shop/books": "forms policies presenters selectors views",
    "shop/parcels": "forms policies presenters services views",
    "shop/payments": "extensions forms policies presenters",
    "templates": "audit/ console/ demo/ errors/console oversight/review/ shop/books/ shop/parcels/",
    "templates/integration": "clips/console/ cores/console/ cores/kinds/ critical/ live/console/ watch_hours/",
    "templates/registry": (
        "canvasses/canvass canvasses/purpose components/ coverage/ incidents/ joins/ other_counties/agencies/ "
        "other_counties/leads/"
    ),
    "templates/registry/access_log": "delay_end delay_new delay_renew delays",
    "templates/registry/footage": "evidence holds replies retention",
    "templates/registry/imports": "acts batch columns counts exports list mapped progress",
    "templates/shop": (
        "catalogue/admin/ connections/unpaid_years orders/approvals/ orders/tax_rates/ payments/confirm "
        "payments/refund returns/cases/ warranty/cases/"
    ),
}
CONSOLE = tuple(f"{folder}/{name}" for folder, names in INSIDE.items() for name in names.split())
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
