"""Commands as an operator types them: which settings they take, and what they refuse to start with."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from fusus_portal.tools.checks import PRODUCTION
from tests.repo.sources import ROOT

UNTOLD = {name: value for name, value in PRODUCTION.items() if name != "DJANGO_SETTINGS_MODULE"}
NOT_ASKED = {*PRODUCTION, "LIVE_REDIS_URL", "MIGRATOR_DATABASE_URL", "SEALER_DATABASE_URL"}
CHECK = ["manage.py", "check", "--deploy"]
WHICH = ["manage.py", "diffsettings", "--all"]
GUNICORN = ["-m", "gunicorn", "fusus_portal.wsgi", "--bind", "127.0.0.1:0", "--check-config"]
WORKER = ["-m", "celery", "-A", "fusus_portal", "worker", "--pool", "solo"]
BEAT = ["-m", "celery", "-A", "fusus_portal", "beat"]
SECONDS = 120


@pytest.fixture
def uploads(tmp_path: Path) -> str:
    """Return a directory that can be written."""
    return str(tmp_path)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout without a demo of its own: its manage.py, beside links to what it needs."""
    place = tmp_path / "checkout"
    place.mkdir()
    shutil.copy(ROOT / "manage.py", place)
    for package in ("audit", "fusus_portal", "integration", "locale", "registry", "shop", "static", "templates"):
        (place / package).symlink_to(ROOT / package)
    return place


def run(command: list[str], variables: dict[str, str], *, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """Run a command with no variables of the portal but these."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_ASKED}
    return subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        cwd=cwd,
        env={**kept, **variables},
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )


def test_a_production_environment_runs_in_production_settings_and_a_demo_beside_it_changes_nothing(
    uploads: str, checkout: Path
) -> None:
    (checkout / ".local").mkdir()
    (checkout / ".local" / "environment").write_text("SECRET_KEY=demo\n")
    done = run(WHICH, {**UNTOLD, "UPLOADS_ROOT": uploads}, cwd=checkout)
    assert (done.returncode, done.stderr) == (0, "")
    assert "SESSION_COOKIE_SECURE = True" in done.stdout
    assert "fusus_portal.demo" not in done.stdout
    assert f"CELERY_BEAT_SCHEDULE_FILENAME = '{uploads}/beat'" in done.stdout
    without_a_key = {name: value for name, value in UNTOLD.items() if name != "SECRET_KEY"}
    done = run(WHICH, {**without_a_key, "UPLOADS_ROOT": uploads}, cwd=checkout)
    assert done.returncode != 0
    assert "SECRET_KEY is not set." in done.stderr


def test_where_nothing_says_which_settings_none_are_taken(checkout: Path) -> None:
    done = run(WHICH, {"SECRET_KEY": "x", "DATABASE_URL": "postgresql://portal_app@localhost/portal"}, cwd=checkout)
    assert (done.returncode, done.stdout) == (1, "")
    assert "docs/operations.md" in done.stderr
    assert "make run" in done.stderr


def test_the_demo_of_a_checkout_and_settings_that_are_named_are_taken(checkout: Path) -> None:
    (checkout / "named.py").write_text("SECRET_KEY = 'of the named one'\n")
    named = run([*WHICH, "--settings", "named"], {}, cwd=checkout)
    assert (named.returncode, named.stderr) == (0, "")
    assert "SECRET_KEY = 'of the named one'" in named.stdout
    (checkout / ".local").mkdir()
    (checkout / ".local" / "environment").write_text("")
    # An empty key, since the tree that is linked to may have a demo with one of its own.
    demo = run(WHICH, {"SECRET_KEY": "", "DATABASE_URL": "postgresql://a@b/c"}, cwd=checkout)
    assert "fusus_portal/settings/dev.py" in demo.stderr


def test_a_production_environment_that_can_work_passes_the_check(uploads: str) -> None:
    done = run([*CHECK, "--fail-level", "WARNING"], {**PRODUCTION, "UPLOADS_ROOT": uploads})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("command", "name", "value", "hint"),
    [
        pytest.param(CHECK, "COUNTY_FIPS", "01999", "Census Bureau", id="check: county"),
        pytest.param(GUNICORN, "COUNTY_FIPS", "01999", "Census Bureau", id="web"),
        pytest.param(WORKER, "UPLOADS_ROOT", "/proc", "Make the directory", id="worker"),
    ],
)
def test_what_can_not_work_is_refused_by_name_and_with_a_hint(
    command: list[str], name: str, value: str, hint: str, uploads: str
) -> None:
    done = run(command, {**PRODUCTION, "UPLOADS_ROOT": uploads, name: value})
    assert done.returncode != 0
    assert name in done.stderr
    assert value in done.stderr
    assert hint in done.stderr


@pytest.mark.parametrize("place", ["/proc", "/nonexistent"])
def test_the_check_refuses_uploads_that_can_not_be_written_by_name_and_with_a_hint(
    settings: Settings, place: str
) -> None:
    settings.UPLOADS_ROOT = Path(place)
    with pytest.raises(SystemCheckError, match=rf"UPLOADS_ROOT .*{place} .*\s*HINT: Make the directory"):
        call_command("check", deploy=True, tags=["files"])


def test_beat_says_where_it_can_not_write() -> None:
    done = run(BEAT, {**PRODUCTION, "UPLOADS_ROOT": "/proc/nowhere"})
    assert done.returncode != 0
    assert "Beat notes in /proc/nowhere when it did what, and can't write there" in done.stderr
    assert "Traceback" not in done.stderr
