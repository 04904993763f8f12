"""The documents tell the truth: what they name exists, and what they list is complete.

The tables of problems and facts in `docs/api.md` are printed here from the code. After a change,
`UPDATE_DOCS=1 pytest tests/architecture/test_documents.py` writes them anew.
"""

import dataclasses
import importlib
import importlib.util
import os
import re
import shlex
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import resolve

from inventory.selectors import forget_serving_locations
from oms.core import errors
from oms.core.api.problems import status_of
from oms.core.events import Event
from oms.core.locking import LOCK_ORDER
from oms.core.states import TransitionNotAllowed

ROOT = Path(settings.BASE_DIR)
DOCS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
TEXT = {path: path.read_text() for path in DOCS}
APPS = ["oms.catalog", "oms.customers", "oms.channels", "oms.messaging", "oms.alerts"]
APPS += ["inventory", "orders", "fulfillment", "returns", "b2b"]
each_document = pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))


def existing(modules):
    for name in modules:
        if importlib.util.find_spec(name):
            yield importlib.import_module(name)


def code_in(text):
    """What stands in backticks, and the lines of blocks."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    return spans, [line for block in blocks for line in block.splitlines()]


# ── Links ───────────────────────────────────────────────────────────────────────────────────


def anchors(text):
    words = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", word.lower()).replace(" ", "-") for word in words}


@each_document
def test_every_link_leads_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", TEXT[path]):
        if target.startswith(("http://", "https://")) or "/images/" in target:
            continue
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), target
        if anchor:
            assert anchor in anchors(found.read_text()), target


@each_document
def test_no_document_names_a_machine(path):
    assert not re.search(r"(?<![\w.])/(work|root|tmp)/", TEXT[path])


# ── Files, modules, names ───────────────────────────────────────────────────────────────────

PLACES = ("oms/", "orders/", "inventory/", "fulfillment/", "returns/", "b2b/", "templates/")
PLACES += ("static/", "tests/", "docs/", "requirements/", ".ci/")
# What a shop calls its webhooks looks like a path of ours.
TOPIC = re.compile(r"orders/(create|updated|paid|edited|cancelled|(partially_)?fulfilled|delete)")


@each_document
def test_every_file_that_is_named_exists(path):
    spans, _ = code_in(TEXT[path])
    for span in spans:
        if TOPIC.fullmatch(span):
            continue
        if span.startswith(PLACES) and not re.search(r"[<{…*\s]", span):
            assert (ROOT / span).exists(), span


@each_document
def test_every_dotted_path_that_is_named_exists(path):
    spans, _ = code_in(TEXT[path])
    for span in spans:
        if re.fullmatch(r"(oms|orders|inventory|fulfillment|returns|b2b)(\.\w+){2,}", span):
            assert named(span), span


def named(dotted):
    """The module, or the thing in a module, of this name; None when there is none."""
    module, _, name = dotted.rpartition(".")
    try:
        return importlib.import_module(dotted)
    except ModuleNotFoundError:
        return getattr(importlib.import_module(module), name, None)


@each_document
def test_every_command_that_is_named_exists_and_takes_these_options(path):
    spans, lines = code_in(TEXT[path])
    for words in [*spans, *lines]:
        for name, rest in re.findall(r"manage\.py ([a-z_]+)([^|#)`]*)", words):
            if name == "help":
                continue
            assert name in get_commands(), words
            app = get_commands()[name]
            command = app if not isinstance(app, str) else load_command_class(app, name)
            known = command.create_parser("manage.py", name)._option_string_actions
            for option in re.findall(r"(?<!\S)--[a-z-]+", rest):
                assert option in known, f"{name} {option}"


@each_document
def test_every_make_target_that_is_named_exists(path):
    spans, lines = code_in(TEXT[path])
    targets = set(re.findall(r"^([a-z.-][\w./-]*):", (ROOT / "Makefile").read_text(), re.M))
    for words in [*spans, *lines]:
        for target in re.findall(r"(?:^|\s)make (\S+)$", words):
            assert target in targets, words


def test_the_glossary_says_where_a_term_lives():
    for row in rows_of("docs/glossary.md"):
        if len(row) == 4:
            named = [span for span in re.findall(r"`([^`]+)`", row[2]) if "." in span]
            for span in named:
                if "/" not in span and span[0].isupper():
                    owner, *_, name = span.split(".")
                    assert any(has(kind, name) for kind in kinds(owner)), span


def has(kind, name):
    nested = [each for each in vars(kind).values() if isinstance(each, type)]
    return any(
        hasattr(each, name) or name in getattr(each, "__annotations__", {})
        for each in [kind, *nested]
    )


def kinds(name):
    """Every class of that name in models, states, errors and events."""
    modules = ["oms.core.models", "oms.core.events"]
    modules += [f"{app}.{part}" for app in APPS for part in ("models", "states", "events")]
    found = [getattr(module, name) for module in existing(modules) if hasattr(module, name)]
    assert found, name
    return found


# ── Settings ────────────────────────────────────────────────────────────────────────────────


def rows_of(document):
    lines = (ROOT / document).read_text().splitlines()
    rows = [line.strip().strip("|").split("|") for line in lines if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows]


def test_every_environment_variable_is_described_and_no_other():
    sources = [ROOT / "oms" / "settings.py", *(ROOT / "oms" / "core").rglob("*.py")]
    reads = r"""env\.\w+\(\s*"([A-Z_]+)"|os\.environ(?:\.get\(|\[)"([A-Z_]+)\""""
    read = {a or b for path in sources for a, b in re.findall(reads, path.read_text())}
    described = {
        name
        for row in rows_of("docs/deploy.md")
        if re.fullmatch(r"`[A-Z_]+`", row[0])
        for name in re.findall(r"[A-Z_]+", row[0])
    }
    assert described == read - {"DJANGO_SETTINGS_MODULE"}


def test_every_kind_of_job_has_its_line_in_the_runbook():
    text = (ROOT / "docs" / "runbook.md").read_text()
    assert [kind for kind in settings.JOBS if f"`{kind}`" not in text] == []


def test_every_file_that_can_be_brought_in_has_its_headers_described():
    text = (ROOT / "docs" / "adopting.md").read_text()
    for kind, dotted in settings.IMPORTERS.items():
        module, _, name = dotted.rpartition(".")
        importer = getattr(importlib.import_module(module), name)
        [described] = re.findall(rf"^\| `{kind}` \| (.+?) \|", text, re.M)
        assert re.findall(r"\w+", described) == [
            *importer.required,
            *(column for column in importer.columns if column not in importer.required),
        ], kind


def test_every_package_that_is_asked_for_has_its_reason():
    text = (ROOT / "docs/adr/0010-few-dependencies-each-with-a-reason.md").read_text()
    asked = set()
    for name in ("base.in", "dev.in", "uv.in"):
        for line in (ROOT / "requirements" / name).read_text().splitlines():
            if line and not line.startswith(("#", "-")):
                asked.add(re.match(r"[\w-]+", line)[0])
    given = set(re.findall(r"^\| `([\w-]+)` \|", text, re.M))
    assert given == asked


def test_the_decisions_are_all_in_the_index():
    folder = ROOT / "docs" / "adr"
    written = {path.name for path in folder.glob("[0-9]*.md")}
    assert set(re.findall(r"\]\(([0-9]{4}-[^)]+)\)", (folder / "README.md").read_text())) == written
    numbers = sorted(name[:4] for name in written)
    assert len(numbers) == len(set(numbers))


# ── Tables that are printed from the code ───────────────────────────────────────────────────


def leaves(kind):
    for each in kind.__subclasses__():
        yield each
        yield from leaves(each)


def problems():
    """Every refusal an app names, with its status and its sentence."""
    modules = list(existing([f"{app}.errors" for app in APPS]))
    names = ("oms.core.errors", *(module.__name__ for module in modules))
    found = [kind for kind in leaves(errors.Refusal) if kind.__module__.startswith(names)]
    found = [kind for kind in found if "message" in vars(kind)] + [TransitionNotAllowed]
    yield "| Type | Status | Sentence |"
    yield "|---|---|---|"
    for kind in sorted(set(found), key=code_of):
        yield f"| `{code_of(kind)}` | {status_of(blank(kind))} | {kind.message} |"


def blank(kind):
    return kind.__new__(kind)


def code_of(kind):
    return blank(kind).code


def facts():
    """Every fact of the apps, with the fields its record keeps."""
    modules = {module.__name__ for module in existing([f"{app}.events" for app in APPS])}
    found = {
        kind.name: kind
        for kind in leaves(Event)
        if kind.__module__ in modules and "name" in vars(kind)
    }
    common = {"thread", "subject", "by", "at"}
    yield "| Name | Payload |"
    yield "|---|---|"
    for name, kind in sorted(found.items()):
        kept = [
            f"`{each.name}`"
            for each in dataclasses.fields(kind)
            if each.name not in common and not each.metadata.get("passing")
        ]
        yield f"| `{name}` | {' '.join(kept)} |"


@pytest.mark.parametrize(("name", "printed"), [("problems", problems), ("facts", facts)])
def test_a_printed_table_is_what_the_code_says(name, printed):
    path = ROOT / "docs" / "api.md"
    before, mark, rest = re.split(rf"(<!-- {name}: [^\n]+ -->\n)", path.read_text())
    standing, end, after = rest.partition("<!-- end -->")
    wanted = "\n".join(printed()) + "\n"
    if os.environ.get("UPDATE_DOCS"):
        path.write_text(before + mark + wanted + end + after)
    else:
        assert standing == wanted


def test_the_lock_order_in_the_documents_begins_and_ends_as_in_the_code():
    first, last = LOCK_ORDER[:3], LOCK_ORDER[-2:]
    assert first == ("FileImport", "ChannelOrder", "Order")
    assert last == ("StockLevel", "Lot")


# ── Words ───────────────────────────────────────────────────────────────────────────────────


def shown(path):
    """The words of a template that people read: no tags, no attributes but the spoken ones."""
    text = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", " ", path.read_text(), flags=re.S)
    said = re.findall(r"""(?:translate|title=|label=|alt=|placeholder=)\s*"([^"]+)\"""", text)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.S)
    text = re.sub(r"<(script|style).*?</\1>", " ", text, flags=re.S)
    return " ".join([*said, re.sub(r"<[^>]*>", " ", text)]).casefold()


def test_templates_use_the_words_of_the_glossary():
    avoided = [
        word.strip().casefold()
        for row in rows_of("docs/glossary.md")
        if len(row) == 4 and row[0] != "Term"
        for word in row[3].split(",")
    ]
    said = {path: shown(path) for path in (ROOT / "templates").rglob("*.html")}
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path, text in said.items()
        for word in avoided
        if re.search(rf"\b{re.escape(word)}\b", text) and word not in ALLOWED
    ]
    assert found == []


ALLOWED = {"quality", "failed", "exception", "message", "task", "variant", "gather"}
"""Words of the glossary's last column that are plain English elsewhere."""


# ── The walk in the README ──────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_the_walk_in_the_readme_works_as_printed(world):
    world.stock("TEA-GREEN-1", rotterdam=9)
    forget_serving_locations()
    client = world.api("walk")
    [block] = re.findall(r"^```sh\n(call .*?)^```", TEXT[ROOT / "README.md"], re.M | re.S)
    number = ""
    asked = 0
    for line in block.splitlines():
        if not line.startswith("call "):
            continue
        _, *words = shlex.split(line.replace("$API", "/api/v1").replace("$N", number))
        address, headers, body = None, {}, None
        while words:
            word = words.pop(0)
            if word == "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            elif word == "--json":
                body = words.pop(0)
            else:
                address = word
        assert resolve(address.partition("?")[0])
        answer = (
            client.get(address, headers=headers)
            if body is None
            else client.post(address, body, content_type="application/json", headers=headers)
        )
        assert answer.status_code in {200, 201}, (line, answer.content)
        number = number or answer.json().get("number", "").removeprefix("SO-")
        asked += 1
    assert asked == 12
