"""`manage.py signin ROLE`: prints an address that signs in once, while `make run` runs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from fusus_portal.demo.guard import account_of_role, is_demo, sign_in_token
from fusus_portal.ground.accounts.roles import Role
from fusus_portal.ground.notifications.addresses import absolute


class Command(BaseCommand):
    help = "Prints an address that signs in one demo account of a role, once, within ten minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", choices=[role.value for role in Role])

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_demo():
            raise CommandError("This works in development only: DEBUG, and a database on this machine.")
        account = account_of_role(options["role"])
        if account is None:
            raise CommandError(f"There is no {options['role']} yet. Run `manage.py demo` first.")
        self.stdout.write(absolute(reverse("demo_sign_in", args=[sign_in_token(account)])))
