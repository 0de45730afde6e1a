"""django-oscar's shop, run as its sandbox is set up, but tuned: beside it the shop's own pages are measured."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from psycopg import sql

from bench.shop.visits import Goods, Shop
from fusus_portal.demo.servers.postgres import SUPERUSER, Postgres
from tests.peers.web import WebServer

DATABASE = "portal_bench_oscar"
PROJECT = Path(__file__).parents[1] / "peers" / "oscar"


@contextmanager
def oscar(server: Postgres, python: str, folder: Path) -> Iterator[Shop]:
    """Run it on a database of its own. python: that of an environment that has django-oscar."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "sandbox_settings",
        "PYTHONPATH": str(PROJECT),
        "DATABASE_SOCKETS": str(server.sockets),
        "DATABASE_NAME": DATABASE,
        "DATABASE_PASSWORD": server.passwords[SUPERUSER],
        "FILES": str(folder / "oscar"),
    }
    with server.connect() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    run = partial(_run, python, environment)
    run("-m", "django", "migrate", "--verbosity", "0")
    run("-m", "django", "collectstatic", "--noinput", "--verbosity", "0")
    application = "django.core.wsgi:get_wsgi_application()"
    web = WebServer(environment, folder / "oscar.log", python=python, application=application)
    try:
        web.start()
        yield Shop("django-oscar", server, DATABASE, web, lambda size: _fill(run("sandbox_fill.py", str(size))))
    finally:
        web.close()


def _run(python: str, environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [python, *arguments],
        cwd=PROJECT,
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def _fill(printed: str) -> Goods:
    made = json.loads(printed)
    return Goods(made["shelf"], made["pages"], made["adds"])
