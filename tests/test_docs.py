"""The documents tell the truth: their steps work, and the reference names everything."""

from __future__ import annotations

import ast
import http.client
import importlib
import importlib.util
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from wagtail_medborgare.core.conf import setting_names
from wagtail_medborgare.core.guide import CHAPTERS, LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
SPEC = importlib.util.find_spec("wagtail_medborgare")
assert SPEC is not None
assert SPEC.submodule_search_locations is not None
PACKAGE = Path(next(iter(SPEC.submodule_search_locations)))
TUTORIALS = ("install.md", "first-personalised-page.md")

# Making a site takes half a minute: with "--dist loadgroup" one process does it.
one_site = pytest.mark.xdist_group("newcomer")

# --- The steps of the tutorials -------------------------------------------------------

_FENCE = re.compile(
    r"(?:^<!-- step: (?P<step>[^\n]+?) -->\n)?"
    r"^```(?P<language>\w+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One block that a reader pastes, and where."""

    directive: list[str]
    body: str

    @property
    def commands(self) -> list[str]:
        return [line for line in self.body.splitlines() if line.strip()]

    @property
    def is_pip(self) -> bool:
        return self.directive == ["shell"] and self.commands[0].startswith("pip ")

    @property
    def is_server(self) -> bool:
        return self.commands == ["python manage.py runserver"]


def steps_of(name: str) -> list[Step]:
    text = (DOCS / "tutorial" / name).read_text(encoding="utf-8")
    found = list(_FENCE.finditer(text))
    assert found
    return [
        Step(directive=shlex.split(match["step"] or ""), body=match["body"])
        for match in found
    ]


class Newcomer:
    """Somebody who follows the tutorials to the letter, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.site = folder / "mysite"
        # What the shell calls "python" is the interpreter that runs this test.
        programs = folder / "bin"
        programs.mkdir()
        python = programs / "python"
        python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
        python.chmod(0o755)
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DJANGO_SETTINGS_MODULE", "PYTHONWARNINGS"}
        } | {
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(PACKAGE.parent),
        }
        start = "from wagtail.bin.wagtail import main; main()"
        self.run([sys.executable, "-c", start, "start", "mysite"], folder)

    def run(self, command: list[str], folder: Path | None = None) -> str:
        done = subprocess.run(
            command,
            cwd=folder or self.site,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        output = done.stdout + done.stderr
        assert done.returncode == 0, f"{command}\n{output}"
        return output

    def follow(self, name: str) -> None:
        for step in steps_of(name):
            if step.directive == ["shell"] and not (step.is_pip or step.is_server):
                self.run(["sh", "-ec", step.body])
            elif step.directive[0] == "file":
                self._edit(step)

    def _edit(self, step: Step) -> None:
        path, how = self.site / step.directive[1], step.directive[2]
        if how == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.body)
            return
        text = path.read_text()
        if how == "append":
            path.write_text(f"{text}\n{step.body}")
            return
        lines = text.splitlines(keepends=True)
        places = [
            place for place, line in enumerate(lines) if step.directive[3] in line
        ]
        assert len(places) == 1, f"{step.directive} fits {len(places)} lines"
        end = places[0] + 1 if how == "replace" else places[0]
        lines[places[0] : end] = [step.body]
        path.write_text("".join(lines))


@dataclass
class Browser:
    """A visitor without script: it keeps cookies, and says where its forms stand."""

    port: int
    cookie: str = ""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> tuple[http.client.HTTPMessage, str]:
        status, headers, body = self._send("GET", path)
        assert status == 200, f"{path}: {status}\n{body[-3000:]}"
        return headers, body

    def post(self, path: str, at: str, data: dict[str, str], **headers: str) -> Any:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"{self.origin}{at}",
            **headers,
        }
        status, answer, _ = self._send("POST", path, urlencode(data), headers)
        for line in answer.get_all("Set-Cookie") or ():
            self.cookie = line.split(";")[0]
        return status, answer.get("Location")

    def _send(
        self,
        method: str,
        path: str,
        body: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, http.client.HTTPMessage, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        own = {"Cookie": self.cookie} if self.cookie else {}
        try:
            connection.request(method, path, body, {**own, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def wait_for(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _attempt in range(300):
        assert server.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(log.read_text())


@pytest.fixture(scope="module")
def newcomer() -> Iterator[Newcomer]:
    if shutil.which("sh") is None:
        pytest.skip("the steps are written for a shell")
    # In memory where there is such a place: migrations wait for a disk at each step.
    memory = "/dev/shm"
    place = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="newcomer-", dir=place) as folder:
        newcomer = Newcomer(Path(folder))
        for name in TUTORIALS:
            newcomer.follow(name)
        yield newcomer


@pytest.fixture(scope="module")
def server(newcomer: Newcomer) -> Iterator[int]:
    """Start the site as the last step says, on a free port."""
    assert any(step.is_server for step in steps_of("install.md"))
    port = free_port()
    log = newcomer.site / "server.log"
    command = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{port}"]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*command, "--noreload"],
            cwd=newcomer.site,
            env=newcomer.environment,
            stdout=output,
            stderr=output,
        ) as server,
    ):
        try:
            wait_for(server, port, log)
            yield port
        finally:
            server.terminate()


@pytest.mark.parametrize("name", TUTORIALS)
def test_each_block_of_a_tutorial_says_what_it_is(name):
    for step in steps_of(name):
        how = [step.directive[0], *step.directive[2:3]] if step.directive else []
        assert how in (
            ["read"],
            ["shell"],
            ["file", "append"],
            ["file", "write"],
            ["file", "replace"],
            ["file", "insert-before"],
        ), step


def test_the_installation_is_of_this_package_and_short():
    steps = steps_of("install.md")
    text = (DOCS / "tutorial" / "install.md").read_text(encoding="utf-8")

    installs = [command for step in steps if step.is_pip for command in step.commands]

    assert installs == ["pip install wagtail-medborgare"]
    assert len(re.findall(r"^## \d+\. ", text, re.MULTILINE)) <= 10


def test_the_readme_has_the_same_steps_as_the_tutorial():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    missing = [
        step.directive
        for step in steps_of("install.md")
        if step.body.strip() not in readme
    ]

    assert missing == []


@one_site
def test_a_newcomer_has_nothing_left_to_migrate_and_no_warning(newcomer):
    output = newcomer.run([sys.executable, "manage.py", "makemigrations", "--check"])

    assert output.strip() == "No changes detected"


@one_site
def test_a_newcomer_has_a_working_my_services_page(server):
    headers, body = Browser(port=server).get("/my-services/")

    assert "What is going on in your life?" in body
    assert 'value="having-a-child"' in body
    assert "Set-Cookie" not in headers
    assert headers["Cache-Control"] == "private, no-store"
    assert body.index("medborgare_core/medborgare.css") < body.index("<main")


@one_site
def test_a_newcomer_chooses_and_forgets(server):
    visitor = Browser(port=server)

    chosen = visitor.post(
        "/medborgare/add/",
        "/my-services/",
        {"situation": "having-a-child"},
        Origin=visitor.origin,
    )
    _headers, body = visitor.get("/my-services/")

    assert chosen == (303, "/my-services/")
    assert "Showing what concerns Having a child." in body
    visitor.post("/medborgare/forget/", "/my-services/", {}, Origin=visitor.origin)
    _headers, body = visitor.get("/my-services/")
    assert "Showing what concerns" not in body


@one_site
def test_a_form_on_another_site_is_refused(server):
    visitor = Browser(port=server)

    status, _location = visitor.post(
        "/medborgare/add/",
        "/my-services/",
        {"situation": "having-a-child"},
        Origin="https://elsewhere.example",
    )

    assert status == 403
    assert visitor.cookie == ""


@one_site
def test_a_newcomers_first_personalised_page_is_personal(server):
    visitor, other = Browser(port=server), Browser(port=server)
    _headers, before = visitor.get("/")

    visitor.post(
        "/medborgare/add/", "/", {"situation": "having-a-child"}, Origin=visitor.origin
    )
    _headers, mine = visitor.get("/")
    _headers, theirs = other.get("/")
    _headers, services = visitor.get("/my-services/")

    own = ("Preschool: the queue", "The family centre", "Apply for preschool")
    assert not [text for text in own if text in before + theirs]
    assert [text for text in own if text in mine] == list(own)
    assert "You see this because you chose Having a child." in mine
    assert "Welcome, whoever you are" in before
    assert "Apply for preschool" in services


@one_site
def test_a_newcomers_ordinary_pages_are_the_same_for_all(server):
    visitor = Browser(port=server)
    headers, before = visitor.get("/family-centre/")

    visitor.post(
        "/medborgare/add/", "/", {"situation": "having-a-child"}, Origin=visitor.origin
    )
    _headers, after = visitor.get("/family-centre/")

    # Wagtail's own user bar reads the session, hence a "Vary: Cookie" all the same.
    assert before == after
    assert "Cache-Control" not in headers
    assert "Set-Cookie" not in headers


# --- The reference --------------------------------------------------------------------


def headings(path: Path) -> list[str]:
    """Return the headings, without their code marks."""
    text = _without_fences(path.read_text(encoding="utf-8"))
    found = re.findall(r"^#{2,4} (.+)$", text, re.MULTILINE)
    return [heading.replace("`", "").strip() for heading in found]


def _without_fences(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def reference_headings() -> set[str]:
    return {item for path in REFERENCE.glob("*.md") for item in headings(path)}


def python_files() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]


def check_ids() -> set[str]:
    found = set()
    for path in PACKAGE.rglob("checks.py"):
        room = path.relative_to(PACKAGE).parts[0]
        source = re.sub(r"# noqa.*", "", path.read_text(encoding="utf-8"))
        for code in re.findall(r"\b[EW]\d{3}\b", source):
            found.add(f"medborgare_{room}.{code}")
    return found


def hook_names() -> set[str]:
    pattern = re.compile(r'"((?:register|construct)_medborgare_\w+)"')
    return {
        name
        for path in python_files()
        for name in pattern.findall(path.read_text(encoding="utf-8"))
    }


def template_tags() -> set[str]:
    found: set[str] = set()
    for path in PACKAGE.glob("*/templatetags/medborgare_*.py"):
        name = f"wagtail_medborgare.{path.parts[-3]}.templatetags.{path.stem}"
        library = importlib.import_module(name).register
        found |= {f"{{% {tag} %}}" for tag in library.tags}
        found |= {f"|{filter_name}" for filter_name in library.filters}
    return found


def command_names() -> set[str]:
    return {
        path.stem
        for path in PACKAGE.glob("*/management/commands/*.py")
        if path.stem != "__init__"
    }


def test_every_setting_has_a_heading_and_no_other_has():
    ours = {
        item
        for item in headings(REFERENCE / "settings.md")
        if item.startswith("WAGTAIL_MEDBORGARE_")
    }
    assert ours == setting_names()


def test_every_system_check_has_a_heading_and_no_other_has():
    assert check_ids()
    assert {
        item for item in headings(REFERENCE / "checks.md") if "." in item
    } == check_ids()


def test_every_hook_has_a_heading_and_no_other_has():
    assert hook_names()
    assert {
        item for item in headings(REFERENCE / "hooks.md") if "_medborgare_" in item
    } == hook_names()


@pytest.mark.parametrize("named", [template_tags, command_names])
def test_every_tag_filter_and_command_has_a_heading(named):
    assert named()
    assert named() - reference_headings() == set()


def rooms() -> list[str]:
    return sorted(path.parent.name for path in PACKAGE.glob("*/apps.py"))


@pytest.mark.parametrize("room", rooms())
def test_every_room_has_a_page_with_the_same_skeleton(room):
    skeleton = [
        "What it is",
        "Models",
        "Blocks and mixins",
        "Templates",
        "Tags",
        "Hooks",
        "Commands",
        "Checks",
    ]

    found = [item for item in headings(REFERENCE / f"{room}.md") if item in skeleton]

    assert found == skeleton


def model_names() -> list[tuple[str, str]]:
    from django.apps import apps

    return [
        (config.label.removeprefix("medborgare_"), model.__name__)
        for config in apps.get_app_configs()
        if config.label.startswith("medborgare_")
        for model in config.get_models()
    ]


def block_names() -> list[tuple[str, str]]:
    from wagtail.blocks import Block

    from wagtail_medborgare.segments import blocks as of_segments
    from wagtail_medborgare.services import blocks as of_services

    return [("segments", name) for name in of_segments.__all__] + [
        ("services", name)
        for name, value in vars(of_services).items()
        if isinstance(value, type)
        and issubclass(value, Block)
        and value.__module__ == of_services.__name__
    ]


@pytest.mark.parametrize("named", [model_names, block_names])
def test_every_model_and_block_is_named_on_the_page_of_its_room(named):
    missing = [
        (room, name)
        for room, name in named()
        if f"`{name}`" not in (REFERENCE / f"{room}.md").read_text(encoding="utf-8")
    ]

    assert named()
    assert missing == []


def test_every_template_is_named():
    text = (REFERENCE / "templates.md").read_text(encoding="utf-8")
    templates = {
        "/".join(path.parts[path.parts.index("templates") + 1 :])
        for path in PACKAGE.rglob("*.html")
    }

    assert {name for name in templates if f"`{name}`" not in text} == set()


def test_every_custom_property_is_named():
    css = PACKAGE / "core" / "static" / "medborgare_core" / "medborgare.css"
    properties = set(re.findall(r"^\s+(--mb-[\w-]+):", css.read_text(), re.MULTILINE))
    text = (REFERENCE / "templates.md").read_text(encoding="utf-8")

    assert properties
    assert {name for name in properties if f"`{name}`" not in text} == set()


def test_the_privacy_page_names_every_cookie():
    from wagtail_medborgare.core.personal_data import cookies

    text = (DOCS / "explanation" / "privacy.md").read_text(encoding="utf-8")

    assert cookies()
    assert [item.name for item in cookies() if f"`{item.name}`" not in text] == []


def test_every_runtime_dependency_has_its_reason():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = {
        re.split(r"[><=~!\[; ]", item)[0] for item in project["project"]["dependencies"]
    }

    found = headings(DOCS / "explanation" / "dependencies.md")

    assert names - set(found) == set()


def test_the_changelog_has_a_part_for_what_is_not_released():
    found = headings(ROOT / "CHANGELOG.md")

    assert found[:2] == ["[Unreleased]", "Added"]
    assert "Upgrade considerations" in found


def documents() -> list[Path]:
    own = [ROOT / f"{name}.md" for name in ("README", "CHANGELOG", "CONTRIBUTING")]
    return [*own, ROOT / "SECURITY.md", *sorted(DOCS.rglob("*.md"))]


def test_every_link_inside_the_documents_leads_somewhere():
    broken = []
    for path in documents():
        text = _without_fences(path.read_text(encoding="utf-8"))
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            is_picture = target.endswith(".png")
            if "://" in target or target.startswith("mailto:") or is_picture:
                continue
            if not (path.parent / target).resolve().exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")

    assert broken == []


def imports_in_documents() -> set[tuple[str, str]]:
    """Return every (module, name) of ours that a document imports."""
    found = set()
    for path in documents():
        for body in re.findall(
            r"^```python\n(.*?)^```$", path.read_text("utf-8"), re.MULTILINE | re.DOTALL
        ):
            for node in ast.walk(ast.parse(textwrap.dedent(body))):
                if isinstance(node, ast.ImportFrom) and node.module:
                    found |= {(node.module, alias.name) for alias in node.names}
    return {item for item in found if item[0].startswith("wagtail_medborgare")}


def test_every_import_in_the_documents_works():
    assert imports_in_documents()
    assert [
        (module, name)
        for module, name in imports_in_documents()
        if not hasattr(importlib.import_module(module), name)
    ] == []


def test_the_editor_guide_has_the_same_pages_in_both_languages_and_no_code():
    guide = PACKAGE / "core" / "guide"

    swedish = {path.stem for path in (guide / "sv").glob("*.md")}
    english = {path.stem for path in (guide / "en").glob("*.md")}
    fences = {
        fence
        for path in guide.rglob("*.md")
        for fence in re.findall(r"^```\S+", path.read_text("utf-8"), re.MULTILINE)
    }

    assert swedish == english == set(CHAPTERS)
    assert not fences


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_documentation_shows_every_chapter_of_the_guide(language):
    folder = DOCS / "editor-guide" / language
    index = (folder / "index.md").read_text("utf-8")

    for slug in CHAPTERS:
        stub = (folder / f"{slug}.md").read_text("utf-8")
        assert f"guide/{language}/{slug}.md" in stub
        assert f"({slug}.md)" in index
