"""The embedded servers start anywhere, keep what they hold, and leave nothing running."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from fusus_portal.demo.servers import places, postgres as database, servers, valkey as queue


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a checkout with a long name, spaces and a comma, that only its owner enters. Its servers stand still."""
    monkeypatch = pytest.MonkeyPatch()
    for name in ("DATABASE_URL", "REDIS_URL", "LIVE_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    closed = tmp_path_factory.mktemp("servers") / "closed"
    closed.mkdir(mode=0o700)
    path = closed / ("a long name, with spaces " * 4)
    path.mkdir()
    yield path
    servers.start_for_development(path).stop()
    where = places.development(path)
    for left in (where.postgres_sockets, where.valkey_sockets, places.outside(path)):
        shutil.rmtree(left, ignore_errors=True)
    monkeypatch.undo()


def parts(started: servers.Servers) -> tuple[database.Postgres, queue.Valkey]:
    """Return both servers."""
    assert started.postgres is not None
    assert started.valkey is not None
    return started.postgres, started.valkey


def client(server: queue.Valkey) -> redis.Redis:
    """Return a client of the embedded Valkey."""
    return redis.Redis.from_url(server.url, decode_responses=True)


def test_they_keep_what_they_hold_and_stop_with_the_last_user(checkout: Path) -> None:
    first, second = servers.start_for_development(checkout), servers.start_for_development(checkout)
    sql, kv = parts(first)
    with sql.connect() as connection:
        connection.execute("CREATE TABLE kept (id int)")
    with client(kv) as connected:
        connected.set("kept", "yes")
    first.leave()
    assert sql.answers()
    assert kv.answers()
    second.leave()
    assert not sql.answers()
    assert not kv.answers()
    again = servers.start_for_development(checkout)
    with sql.connect() as connection, client(kv) as connected:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        assert connected.get("kept") == "yes"
    again.leave()


def test_they_start_again_after_being_killed(checkout: Path) -> None:
    started = servers.start_for_development(checkout)
    sql, kv = parts(started)
    for process in (database.running(sql), queue.running(kv)):
        assert process is not None
        family = [process, *process.children(recursive=True)]
        for one in family:
            one.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    started.use.close()
    again = servers.start_for_development(checkout)
    assert sql.answers()
    assert kv.answers()
    again.stop()


def test_nobody_signs_in_without_the_password(checkout: Path) -> None:
    started = servers.start_for_development(checkout)
    sql, _ = parts(started)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(sql.sockets), port=database.PORT, user="postgres", dbname="postgres")
    assert sql.sockets.stat().st_mode & 0o077 == 0
    assert (sql.root / "passwords.json").stat().st_mode & 0o077 == 0
    started.leave()


def test_no_mode_of_a_parent_changes(checkout: Path) -> None:
    servers.start_for_development(checkout).leave()
    assert checkout.parent.stat().st_mode & 0o777 == 0o700
