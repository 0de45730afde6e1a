"""A database of another history is refused before the first migration: migrating it would stop half-way."""

import psycopg
import pytest
from django.core.management import CommandError

from tests.database import template
from tests.database.clone import Clone

FORGET = "DELETE FROM django_migrations WHERE app = %s AND name = %s"
Key = tuple[str, str]


def state(operator: psycopg.Connection) -> list[tuple[str, ...]]:
    """Return the tables of the database, and what was applied."""
    tables = operator.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return [*tables, *operator.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2").fetchall()]


@pytest.mark.parametrize("key", [("registry", "9999_of_tomorrow"), ("app_of_tomorrow", "0001_initial")])
def test_one_that_this_release_does_not_have_is_refused(portal_db: Clone, key: Key) -> None:
    with portal_db.connect() as operator:
        operator.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", key)
        operator.execute("DROP TABLE push_pushsubscription CASCADE")
        operator.execute("DELETE FROM django_migrations WHERE app = 'push'")  # so that there is something to apply
        before = state(operator)
        with pytest.raises(CommandError, match=rf"{'.'.join(key)} was applied and is not in this release"):
            template.migrate(portal_db.server, portal_db.name)
        assert state(operator) == before


def test_a_state_between_two_releases_is_refused(portal_db: Clone) -> None:
    """audit.0002_guard is in place of two of its own time, and one of them was not applied."""
    with portal_db.connect() as operator:
        operator.execute(FORGET, ("audit", "0008_search"))
        before = state(operator)
        with pytest.raises(CommandError, match=r"audit.0002_guard is in place of audit.0008_search"):
            template.migrate(portal_db.server, portal_db.name)
        assert state(operator) == before


def test_a_database_of_the_release_before_goes_on(portal_db: Clone) -> None:
    """All that audit.0004_expiry is in place of was applied, under the names of then."""
    with portal_db.connect() as operator:
        before = state(operator)
        assert operator.execute(FORGET, ("audit", "0004_expiry")).rowcount == 1
        template.migrate(portal_db.server, portal_db.name)
        assert state(operator) == before
