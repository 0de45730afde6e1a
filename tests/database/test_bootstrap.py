"""`bootstrapdb` on a server that has nothing yet, as docs/operations.md says, and what it says where it can't."""

import os
import shutil
from collections.abc import Iterator
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from fusus_portal.demo.servers import places, postgres
from fusus_portal.demo.servers.postgres import SUPERUSER, Postgres
from fusus_portal.ground.database.address import connection_settings
from fusus_portal.ground.database.bootstrap import ROLES
from fusus_portal.ground.database.management.commands import bootstrapdb
from tests.repo.sources import ROOT

NAME = "portal"
ROLE_SETTINGS = {"DATABASES": "portal_app", "SEALER_DATABASE": "portal_sealer", "MIGRATOR_DATABASE": "portal_migrator"}


@pytest.fixture
def bare() -> Iterator[Postgres]:
    """Run a server of its own, just installed, and remove it and its files at the end."""
    name = f"bare-{os.getpid()}"
    place = places.place(ROOT, purpose=name, base=places.tests(ROOT).base.with_name(f"fusus-portal-{name}"))
    server = postgres.postgres(place, checkout=ROOT, settings=postgres.FAST)
    assert not server.data.exists()
    try:
        postgres.start(server)
        yield server
    finally:
        postgres.stop(server)
        for folder in (place.base, place.postgres_sockets, place.valkey_sockets):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def told(bare: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the variables as docs/operations.md has them: all name the portal's own database."""
    roles = {name: connection_settings(name, bare.address(role, NAME)) for name, role in ROLE_SETTINGS.items()}
    monkeypatch.setattr(
        bootstrapdb, "settings", SimpleNamespace(**{**roles, "DATABASES": {"default": roles["DATABASES"]}})
    )
    monkeypatch.setenv(bootstrapdb.VARIABLE, bare.address(SUPERUSER, NAME))


def bootstrap() -> str:
    output = StringIO()
    call_command("bootstrapdb", stdout=output)
    return output.getvalue()


def test_it_makes_the_database_that_is_not_there_and_may_be_run_again(bare: Postgres) -> None:
    for _time in range(2):
        assert "roles, rights and guard are in place" in bootstrap()
    for role in ROLES:
        with bare.connect(role, NAME) as connection:
            assert connection.info.dbname == NAME


def test_an_operator_who_can_not_sign_in_is_told_so_without_the_password(
    bare: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = bare.address(SUPERUSER, NAME).replace(bare.passwords[SUPERUSER], "not-the-password")
    monkeypatch.setenv(bootstrapdb.VARIABLE, address)
    with pytest.raises(CommandError, match=r"SUPERUSER_DATABASE_URL can't be used: .*password authentication") as said:
        bootstrap()
    assert "not-the-password" not in str(said.value)


def test_a_role_that_is_no_superuser_is_told_so(bare: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap()
    monkeypatch.setenv(bootstrapdb.VARIABLE, bare.address("portal_app", NAME))
    with pytest.raises(CommandError, match=r"SUPERUSER_DATABASE_URL can't be used: permission denied"):
        bootstrap()


def test_what_is_no_address_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(bootstrapdb.VARIABLE, "not an address")
    with pytest.raises(CommandError, match="SUPERUSER_DATABASE_URL can't be used"):
        bootstrap()
