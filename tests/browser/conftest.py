"""The example municipality as a real server, and a real Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import wagtail_medborgare

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed"
)

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "only-for-the-browser-tests"

PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


@dataclass(frozen=True)
class Server:
    """A running example site."""

    url: str
    env: dict[str, str]

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT / "example_site",
            env=self.env,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("site")
    port = _free_port()
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "CACHE_URL": "",
        # As in production: __Host- cookies, no developer's error pages.
        "DJANGO_DEBUG": "0",
        "DEMO_PORT": str(port),
        "DEMO_PASSWORD": PASSWORD,
        "PYTHONWARNINGS": "ignore",
    }
    env.pop("DJANGO_SETTINGS_MODULE", None)
    # The server uses the very package that is under test, wheel or tree.
    env["PYTHONPATH"] = str(Path(wagtail_medborgare.__file__).parents[1])
    site = Server(f"http://localhost:{port}", env)
    site.manage("migrate", "--verbosity", "0")
    site.manage("municipality_load_demo")
    log = (folder / "server.log").open("w")
    process = subprocess.Popen(
        [
            sys.executable,
            "manage.py",
            "runserver",
            f"127.0.0.1:{port}",
            "--noreload",
            "--insecure",
        ],
        cwd=ROOT / "example_site",
        env=env,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        _wait_for(site.url, process, folder / "server.log")
        yield site
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None:
                break
            time.sleep(0.2)
    pytest.fail(f"The example site does not answer:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as api:
        browser = api.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Person:
    """Somebody with a browser of their own, and what the browser complained about."""

    context: Any
    page: Any
    url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Any:
        response = self.page.goto(self.url + path)
        assert response is not None
        return response

    def log_in(self, username: str) -> Person:
        """Log in to the administration."""
        self.open("/admin/login/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.locator("button[type=submit]").click()
        self.page.wait_for_url("**/admin/")
        return self

    def choose_action(self, name: str) -> None:
        """Press what stands below a form, at once or folded up, by its selector."""
        button = self.page.locator(f"footer {name}").first
        if not button.is_visible():
            self.page.locator("footer [data-w-dropdown-target=toggle]").last.click()
        with self.page.expect_navigation():
            button.click()
        self.page.wait_for_load_state("networkidle")

    def press(self, name: str, *, exact: bool = False) -> None:
        """Press a button and wait for what follows, with or without script."""
        self.page.get_by_role("button", name=name, exact=exact).first.click()
        self.settle()

    def settle(self) -> None:
        """Wait until a form that was sent has been answered."""
        self.page.wait_for_load_state("networkidle")
        self.page.locator("main form[aria-busy]").first.wait_for(state="detached")

    def text(self) -> str:
        return str(self.page.locator("main").inner_text())

    def cookies(self) -> list[str]:
        return [cookie["name"] for cookie in self.context.cookies()]


@pytest.fixture
def make_person(chromium: Any, server: Server) -> Iterator[Callable[..., Person]]:
    contexts: list[Any] = []

    def make(
        *,
        script: bool = True,
        viewport: dict[str, int] | None = None,
        colours: str = "light",
        bypass_csp: bool = False,
    ) -> Person:
        context = chromium.new_context(
            java_script_enabled=script,
            viewport=viewport or DESKTOP,
            color_scheme=colours,
            locale="sv-SE",
            bypass_csp=bypass_csp,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        person = Person(context, page, server.url)
        page.on(
            "console",
            lambda message: (
                person.complaints.append(message.text)
                if message.type in {"error", "warning"}
                else None
            ),
        )
        page.on("pageerror", lambda error: person.complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                person.complaints.append(f"other host: {request.url}")
                if not request.url.startswith((server.url, "data:", "blob:"))
                else None
            ),
        )
        return person

    yield make
    for context in contexts:
        context.close()
