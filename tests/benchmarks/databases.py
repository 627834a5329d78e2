"""Databases for the configurations, made when first needed and dropped at the end."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getuser
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from benchmarks.configurations import Configuration
from benchmarks.content import write_content

POSTGRES_PORT = 5432


class Failed(Exception):
    """A process of the benchmark did not do its part."""

    @property
    def reason(self) -> str:
        """The last line of what it said."""
        return (str(self).strip().splitlines() or ["it ended"])[-1]


@dataclass(frozen=True)
class Database:
    """A filled database, and the cookie of the visitor who has chosen in it."""

    url: str
    cookie: str


class Databases:
    """All databases of one kind in one run."""

    name = ""

    def __init__(self) -> None:
        self._filled: dict[object, Database] = {}
        self._numbers = count(1)

    def get(self, configuration: Configuration) -> Database:
        """Return the database of a configuration, filled."""
        key = configuration.database_key
        if key not in self._filled:
            self._filled[key] = self._fill(configuration)
        return self._filled[key]

    def _fill(self, configuration: Configuration) -> Database:
        url = self.create(f"bench_{os.getpid()}_{next(self._numbers)}")
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "benchmarks.content"],
            env=configuration.environment(url),
            input=write_content(configuration.content),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"{configuration.name}: {done.stderr[-3000:]}")
        return Database(url, json.loads(done.stdout)["cookie"])

    def create(self, name: str) -> str:
        """Make an empty database and return its address."""
        raise NotImplementedError

    def drop(self) -> None:
        """Remove what this run has made."""


class SQLite(Databases):
    """Files in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def create(self, name: str) -> str:
        return f"sqlite://{self._folder / name}.sqlite3"


class PostgreSQL(Databases):
    """Databases beside the one that we were shown, in the same server."""

    name = "PostgreSQL"

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._names: list[str] = []

    def create(self, name: str) -> str:
        self._execute(f'CREATE DATABASE "{name}"')
        self._names.append(name)
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{name}"))

    def drop(self) -> None:
        while self._names:
            self._execute(f'DROP DATABASE IF EXISTS "{self._names.pop()}" WITH (FORCE)')

    def _execute(self, sql: str) -> None:
        import psycopg

        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql)


def postgres_url() -> str:
    """Return a server that we were told of, or that answers on this machine."""
    told = (os.environ.get(name, "") for name in ("BENCH_POSTGRES", "DATABASE_URL"))
    users = dict.fromkeys((getuser(), "root", "postgres"))
    near = (f"postgresql://{user}@127.0.0.1:{POSTGRES_PORT}/postgres" for user in users)
    for url in told:
        if url.startswith("postgres"):
            return url
    return next((url for url in near if _answers(url)), "")


def _answers(url: str) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", POSTGRES_PORT)):
            return False
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def dropped_afterwards(databases: Databases) -> Iterator[Databases]:
    """Leave nothing behind, whatever happens."""
    try:
        yield databases
    finally:
        databases.drop()
