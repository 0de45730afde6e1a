"""`manage.py states`: writes docs/states.md; with --check it only compares."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fusus_portal.ground.lifecycle import all_lifecycles
from fusus_portal.site.lifecycle_document import document


class Command(BaseCommand):
    help = "Write docs/states.md from the lifecycles' tables."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when the file differs")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "states.md"
        text = document(all_lifecycles())
        if not options["check"]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise CommandError("docs/states.md differs from the lifecycles' tables. Run `manage.py states`.")
