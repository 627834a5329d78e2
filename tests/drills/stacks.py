"""The stacks that the drills run on, and how each is started."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from drills import nginx_configs, servers
from drills.exchange import HttpTransport, Transport
from drills.isolation import Result, run
from drills.site import Site

CLIENTS = 4
REDIS = os.environ.get("DRILL_REDIS_URL", "redis://127.0.0.1:6379/13")
PAGE_CACHE = "wagtail_medborgare.segments.page_cache.middleware"


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One way to serve the site."""

    name: str
    shape: str = "plain"
    """What ``drills.settings`` makes of the site."""

    server: str = ""
    """What stands in front of it: nothing, gunicorn, uvicorn or nginx."""

    workers: int = 1
    threads: int = 8
    uses_redis: bool = False
    modules: tuple[str, ...] = ()
    config: Callable[..., str] = nginx_configs.documented

    def missing(self) -> str:
        """Return what this machine lacks for it; empty when it can run."""
        needed = {"gunicorn": "gunicorn", "nginx": "gunicorn", "uvicorn": "uvicorn"}
        modules = (*self.modules, needed.get(self.server, "django"))
        lacks = [name for name in modules if not _is_installed(name)]
        if self.server == "nginx" and shutil.which("nginx") is None:
            lacks.append("nginx")
        if self.uses_redis and not _answers(REDIS):
            lacks.append(f"a Redis server at {REDIS}")
        return ", ".join(lacks)


STACKS = (
    Stack(name="no cache"),
    Stack(name="Django's cache middleware", shape="cache-middleware"),
    Stack(name="cache_page around Wagtail's view", shape="cache-page"),
    Stack(name="template fragment cache", shape="fragments"),
    Stack(name="wagtail-cache", shape="wagtail-cache", modules=("wagtailcache",)),
    Stack(name="nginx before gunicorn", server="nginx"),
    Stack(name="gunicorn, 8 threads", server="gunicorn"),
    Stack(name="ASGI (uvicorn)", server="uvicorn"),
    Stack(name="page cache", shape="page-cache", modules=(PAGE_CACHE,)),
    Stack(
        name="page cache, gunicorn, 2 × 4, Redis",
        shape="page-cache",
        server="gunicorn",
        workers=2,
        threads=4,
        uses_redis=True,
        modules=(PAGE_CACHE, "redis"),
    ),
    Stack(
        name="page cache behind nginx",
        shape="page-cache",
        server="nginx",
        modules=(PAGE_CACHE,),
    ),
)
WRONG_STACKS = (
    Stack(name="wrong: a cache by path", shape="wrong-cache-by-path"),
    Stack(
        name="wrong: nginx that ignores headers",
        server="nginx",
        config=nginx_configs.ignoring_headers,
    ),
)
BLIND_STACK = Stack(name="wrong: nothing personal", shape="wrong-nothing-personal")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A folder with a site that was built once; each stack gets a copy of its own."""

    folder: Path

    @property
    def site_file(self) -> Path:
        return self.folder / "site.json"

    @property
    def site(self) -> Site:
        return Site.read(self.site_file)

    def build(self) -> None:
        env = servers.environment(self.folder / "site.sqlite3", "plain")
        command = [sys.executable, "-m", "drills.build_site", str(self.site_file)]
        subprocess.run(command, env=env, check=True)

    def copy(self, name: str) -> Path:
        """Return a new folder with a copy of the database."""
        letters = "".join(letter if letter.isalnum() else "-" for letter in name)
        # Short: the path of a socket has at most 107 bytes.
        folder = self.folder / letters[:24]
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(self.folder / "site.sqlite3", folder / "site.sqlite3")
        return folder


def isolation(stack: Stack, ground: Ground, *, n: int, seed: int) -> Result:
    """Run T1 on one stack."""
    if not stack.server:
        return _in_process(stack, ground, n=n, seed=seed)
    with serving(stack, ground) as connect:
        site = ground.site
        return run(stack.name, connect, site, n=n, seed=seed, threads=CLIENTS)


def _in_process(stack: Stack, ground: Ground, *, n: int, seed: int) -> Result:
    folder = ground.copy(stack.name)
    env = servers.environment(folder / "site.sqlite3", stack.shape)
    arguments = [stack.name, str(ground.site_file), str(n), str(seed)]
    done = subprocess.run(
        [sys.executable, "-m", "drills.in_process", *arguments],
        env=env,
        stdout=subprocess.PIPE,
        check=True,
        # A stack that hangs is a finding, not a reason to wait for ever.
        timeout=120 + n / 5,
    )
    return Result(**json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def serving(stack: Stack, ground: Ground) -> Iterator[Callable[[], Transport]]:
    """Start the servers of a stack; yield what opens a connection to it."""
    folder = ground.copy(stack.name)
    log, port = folder / "server.log", servers.free_port()
    redis = REDIS if stack.uses_redis else ""
    if redis:
        _empty(redis)
    env = servers.environment(folder / "site.sqlite3", stack.shape, redis=redis)

    size = {"workers": stack.workers, "threads": stack.threads}
    with ExitStack() as opened:
        if stack.server == "uvicorn":
            opened.enter_context(servers.uvicorn(port, env, log))
        elif stack.server == "gunicorn":
            opened.enter_context(servers.gunicorn(port, env, log, **size))
        else:
            socket = str(folder / "gunicorn.sock")
            config = stack.config(port=port, folder=folder, gunicorn=socket)
            opened.enter_context(servers.gunicorn(socket, env, log, **size))
            opened.enter_context(servers.nginx(config, port, folder))

        def connect() -> Transport:
            return opened.enter_context(closing(HttpTransport("127.0.0.1", port)))

        yield connect


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _answers(url: str) -> bool:
    if not _is_installed("redis"):
        return False
    from redis import Redis, RedisError

    try:
        with Redis.from_url(url, socket_timeout=1) as client:
            return bool(client.ping())
    except RedisError:
        return False


def _empty(url: str) -> None:
    from redis import Redis

    with Redis.from_url(url) as client:
        client.flushdb()
