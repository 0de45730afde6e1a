"""The environment is read in one place, which says what is wrong and how to mend it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fusus_portal.ground import env
from fusus_portal.ground.database.address import connection_settings
from fusus_portal.settings.agency import color, county_fips
from fusus_portal.settings.channels import mail_settings
from fusus_portal.settings.security import tile_hosts
from fusus_portal.settings.tasks import broker_address


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("", lambda: env.required("PLACE", hint="Say where.")),
        ("-3", lambda: env.number("PLACE", 1)),
        ("0", lambda: env.number("PLACE", 1, least=1)),
        ("a=b, c", lambda: env.pairs("PLACE")),
        ("blue", lambda: color("PLACE", "#000000")),
        ("1073", lambda: county_fips("PLACE", "01073")),
        ("x", lambda: connection_settings("PLACE", "mysql://a")),
        ("x", lambda: connection_settings("PLACE", "postgresql://host/")),
        ("x", lambda: mail_settings("PLACE", "http://mail")),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, value: str, read: Callable[[], object]
) -> None:
    monkeypatch.setenv("PLACE", value)
    with pytest.raises(env.Misconfigured, match=r"^PLACE .*\. [A-Z]"):
        read()


def test_what_the_environment_says_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FIRST", "environment")
    monkeypatch.delenv("SECOND", raising=False)
    file = tmp_path / "environment"
    file.write_text("FIRST=file\nSECOND=file=with=signs\n")
    env.read_file(file)
    assert (env.text("FIRST"), env.text("SECOND")) == ("environment", "file=with=signs")
    monkeypatch.delenv("SECOND")


def test_a_database_address_keeps_its_options() -> None:
    settings = connection_settings("X", "postgresql://portal_app:p%40ss@db.example:6432/portal?sslmode=verify-full")
    assert settings["PASSWORD"] == "p@ss"
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", "6432", "portal")
    assert settings["OPTIONS"].items() >= {"sslmode": "verify-full"}.items()


def test_the_queue_understands_unix_sockets() -> None:
    assert broker_address("unix:///run/v.sock?db=3") == "redis+socket:///run/v.sock?virtual_host=3"
    assert broker_address("redis://host/1") == "redis://host/1"


def test_only_the_host_of_the_map_is_let_in() -> None:
    assert tile_hosts("") == []
    assert tile_hosts("https://tiles.example/{z}/{x}/{y}.png") == ["https://tiles.example"]
    with pytest.raises(env.Misconfigured, match="MAP_TILE_URL"):
        tile_hosts("https://{s}.tiles.example/{z}.png")
