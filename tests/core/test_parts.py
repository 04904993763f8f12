"""A part that is left out is nowhere, and nothing else misses it."""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from pydoc import locate

import pytest
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.utils import timezone

from oms import composition
from oms.core import events, jobs, parts, routines
from oms.core.models import Job
from oms.messaging import selectors as messaging
from oms.messaging.letters import kinds
from oms.messaging.models import WebhookDelivery
from oms.messaging.services.relaying import publish_committed
from oms.roles import ROLES
from orders.selectors import status_url

EACH = sorted(composition.PARTS)
# Pages of the roof that stand whole: what is begun is finished, and the books are always held.
WHOLE = {"PARTS", "JOBS", "INVARIANTS", "EVERY_TICK", "BENCHMARKS", "PAYMENT_GATEWAYS"}
NAMED = {"NAVIGATION", "DOCUMENT_PAGES"}
"""They name the part of each entry instead."""
DOCUMENTS = ("/orders/{}/", "/inventory/tea/", "/find/?q=tea", "/find/?q=vale")
API = "/api/v1/"
HREF = re.compile(r'(?:href|action|hx-get)="(/[^"?#]*)')


def modules(names):
    return parts.modules_of(list(names), composition.PARTS)


def filtered(page):
    """A page of the roof that loses what is left out: holds dotted paths, and is ours to take."""
    return page.isupper() and page not in WHOLE and page not in NAMED and hasattr(settings, page)


def forget():
    for kept in (events._reactions, kinds.letter_kinds, kinds._by_path, messaging.automation):
        kept.cache_clear()


@pytest.fixture
def leave_out(settings):
    """Leave parts out as the settings do at the start."""

    def leave(*names):
        out = modules(names)
        settings.MODULES_LEFT_OUT = out
        settings.NAVIGATION = [e for e in settings.NAVIGATION if e.get("part") not in names]
        settings.DOCUMENT_PAGES = {
            k: v for k, v in settings.DOCUMENT_PAGES.items() if v[2] not in names
        }
        settings.ROUTINES_LEFT_OUT = {
            k for k, v in settings.ROUTINES.items() if parts.is_in(v, out)
        }
        for page in filter(filtered, ["REACTIONS", *vars(composition)]):
            setattr(settings, page, parts.without(getattr(settings, page), out))
        forget()

    yield leave
    forget()


def test_a_page_of_the_roof_loses_what_stands_in_the_part_and_nothing_else():
    page = {
        "order.placed": ["orders.reactions.confirm", "returns.reactions.see"],
        "return.settled": ["returns.reactions.tell"],
    }
    out = ("returns",)

    assert parts.without(page, out) == {
        "order.placed": ["orders.reactions.confirm"],
        "return.settled": [],
    }
    assert parts.without({"a": "returns.x", "b": "returnsome.x"}, out) == {"b": "returnsome.x"}
    assert parts.without(("returns.home.cards", "orders.home.cards"), out) == ("orders.home.cards",)


def plain_pages():
    """The addresses without arguments, and whether each is of a part that is left out."""

    def walk(patterns, before=""):
        for each in patterns:
            address = before + str(each.pattern)
            if hasattr(each, "url_patterns"):
                yield from walk(each.url_patterns, address)
            elif "<" not in address and not re.search(r"[\\^$(]", address):
                yield f"/{address}", each.callback

    skipped = ("/admin", "/accounts", "/api", "/health", "/metrics", "/components", "/s/", "/tour/")
    found = walk(get_resolver().url_patterns)
    return {at: view for at, view in found if not at.startswith(skipped)}


def leads_nowhere(page):
    """The addresses a page names that are of a part that is left out, or nobody's."""
    for href in set(HREF.findall(page)):
        if href.startswith(("/static/", "/media/")):
            continue
        try:
            if parts.is_left_out(resolve(href).func):
                yield href
        except Resolver404:
            yield href


def walked(browser, pages):
    """Open pages; those of the house are there, those left out are not, and no link is dead."""
    for page in pages:
        answer = browser.get(page)
        assert answer.status_code in {200, 302, 405}, (page, answer.status_code)
        if answer.get("Content-Type", "").startswith("text/html"):
            assert list(leads_nowhere(answer.content.decode())) == [], page


@pytest.mark.django_db
@pytest.mark.parametrize("name", EACH)
def test_without_a_part_the_sections_the_homes_and_the_order_stand(world, leave_out, name):
    leave_out(name)
    world.stock("tea", rotterdam=9)
    order = world.place("1001", paid=True, tea=1, cup=1)
    ada = world.browser(world.user("ada", role="administrator"))

    gone = [page for page, view in plain_pages().items() if parts.is_left_out(view)]
    assert ada.get(gone[0]).status_code == 404
    walked(ada, (reverse(section["url"]) for section in settings.NAVIGATION))
    walked(ada, (page.format(order.number) for page in DOCUMENTS))
    for role in ROLES:
        walked(world.browser(world.user(role, role=role, at=["rotterdam"])), ["/"])
    guest = Client()
    guest.get(status_url(order), follow=True)
    walked(guest, [f"/s/order/{order.number}/"])


@pytest.mark.django_db
def test_without_all_parts_every_page_that_is_left_stands(world, leave_out):
    leave_out(*EACH)
    world.stock("tea", rotterdam=9)
    order = world.place("1001", paid=True, tea=1, cup=1)
    ada = world.browser(world.user("ada", role="administrator"))

    gone = [page for page, view in plain_pages().items() if parts.is_left_out(view)]
    there = [page for page in plain_pages() if page not in gone]
    assert {len(gone) > 30, len(there) > 20} == {True}
    assert {ada.get(page).status_code for page in gone[::6]} == {404}
    walked(ada, (*there, *(page.format(order.number) for page in DOCUMENTS)))


@pytest.mark.django_db
@pytest.mark.parametrize("names", [(), tuple(EACH)], ids=["whole", "bare"])
def test_an_order_goes_from_the_shop_to_the_door_without_any_part(world, leave_out, names):
    leave_out(*names)
    world.stock("tea", rotterdam=9)
    shop = world.api("shop")

    body = world.order_body("1", tea=2)
    placed = shop.post(f"{API}orders/", body, format="json", HTTP_IDEMPOTENCY_KEY="1")
    assert placed.status_code == 201, placed.content
    number = placed.json()["number"]
    work = shop.get(f"{API}orders/{number}/").json()["fulfillment_orders"][0]["number"]
    partner = world.api(user=world.user("kim", role="warehouse", at=["rotterdam"]))
    carried = {"carrier": "dhl", "tracking_number": "JD1"}
    for verb, body in (("release", {}), ("pick", {}), ("pack", {}), ("ship", carried)):
        done = partner.post(f"{API}fulfillment-orders/{work}/{verb}/", body, format="json")
        assert done.status_code == 200, done.content

    assert shop.get(f"{API}orders/{number}/").json()["fulfillment_status"] == "fulfilled"


@pytest.mark.django_db
def test_the_api_of_a_part_is_not_there_and_not_described(world, leave_out):
    leave_out("returns", "webhooks")

    answer = world.api("shop").get(f"{API}returns/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert world.api("shop").get(f"{API}webhook-endpoints/").status_code == 404
    assert world.api("shop").get(f"{API}events/").status_code == 200
    described = Client().get(f"{API}schema/", {"format": "json"}).json()["paths"]
    assert not [path for path in described if "/returns/" in path or "webhook" in path]
    assert f"{API}events/" in described


@pytest.mark.django_db
def test_endpoints_get_no_deliveries_while_webhooks_are_left_out(world, leave_out):
    shop = world.api("shop")
    asked = {"url": "https://example.com/hook", "events": ["order.placed"]}
    made = shop.post(f"{API}webhook-endpoints/", asked, format="json", HTTP_IDEMPOTENCY_KEY="1")
    assert made.status_code == 201, made.content

    leave_out("webhooks")
    world.place("1", tea=1)
    publish_committed(limit=100)

    assert not WebhookDelivery.objects.exists()
    assert [each["type"] for each in shop.get(f"{API}events/").json()["results"]]


@pytest.mark.django_db(transaction=True)
def test_a_routine_of_a_part_rests_without_a_complaint_and_goes_on_with_the_part(settings):
    name, path = "replenishment", settings.ROUTINES["replenishment"]
    settings.ROUTINES, settings.ROUTINES_LEFT_OUT = {}, {name}
    due = timezone.now() - timedelta(hours=1)
    Job.objects.create(kind="routine", key=name, due_at=due, created_at=due)

    jobs.drain("routine")
    assert not Job.objects.exists()

    settings.ROUTINES, settings.ROUTINES_LEFT_OUT = {name: path}, set()
    routines.ensure()
    assert Job.objects.get().key == name


def started(off, *command):
    return subprocess.run(
        [sys.executable, *command],
        cwd=Path(settings.BASE_DIR),
        env={"PATH": "/usr/bin:/bin", "PARTS_OFF": off, "OMS_HOME": str(settings.OMS_HOME)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_start_without_all_parts_names_nothing_of_theirs():
    pages = [page for page in vars(composition) if filtered(page)]
    program = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'oms.settings'\n"
        "from django.conf import settings as s\n"
        "from oms.core import parts\n"
        f"left = {{n: getattr(s, n) for n in {['REACTIONS', *pages]}}}\n"
        "print([n for n, p in left.items() if parts.without(p, s.MODULES_LEFT_OUT) != p],"
        " [e['url'] for e in s.NAVIGATION if 'part' in e], len(s.ROUTINES_LEFT_OUT))"
    )
    done = started(",".join(EACH), "-c", program)

    routines_of_parts = parts.without(composition.ROUTINES, modules(EACH))
    left_out = len(composition.ROUTINES) - len(routines_of_parts)
    assert done.stdout == f"[] [] {left_out}\n", done.stderr
    assert left_out == 6


def test_a_part_that_there_is_not_stops_the_start_with_a_sentence():
    done = started("returns,teapots", "manage.py", "check")

    assert done.returncode == 1
    assert "PARTS_OFF: no part is called teapots; there are" in done.stderr


@pytest.mark.parametrize("name", EACH)
def test_every_module_of_a_part_is_one(name):
    assert [path for path in composition.PARTS[name] if locate(path) is None] == []
