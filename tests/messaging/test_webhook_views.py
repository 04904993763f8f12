"""The staff pages of webhooks: who sees them, what they say, what can be done."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.core.actors import Actor
from oms.core.models import Job
from oms.messaging import selectors, services
from oms.messaging.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from oms.messaging.services.relaying import relay
from tests.messaging.receiving import tell

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.com/oms"


def add(**fields):
    made = services.add_endpoint(url=URL, by=Actor("user", "ada"), at=timezone.now(), **fields)
    return made.endpoint


@pytest.fixture
def ada(world):
    return world.browser(world.user("ada", role="administrator"))


@pytest.fixture
def oli(world):
    return world.browser(world.user("oli", role="operations"))


def test_the_list_says_that_nobody_is_told_yet(ada):
    assert "Nobody is told yet" in ada.get("/webhooks/").content.decode()


def test_an_administrator_adds_an_endpoint_and_sees_its_secret_once(ada, world):
    world.channel("shop")
    answer = ada.post(
        "/webhooks/new/",
        {"url": URL, "description": "Accounting", "channel": "shop", "types": ["order.placed"]},
    )

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "whsec_" in page
    assert "no-store" in answer["Cache-Control"]
    made = WebhookEndpoint.objects.get()
    assert (made.description, made.types, made.channel.slug) == (
        "Accounting",
        ["order.placed"],
        "shop",
    )
    assert made.created_by == "user:ada"
    assert "whsec_" not in ada.get(f"/webhooks/{made.public_id}/").content.decode()


def test_an_address_that_leads_inside_is_refused_by_its_field(ada):
    answer = ada.post("/webhooks/new/", {"url": "https://10.0.0.1/", "types": []})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "its address belongs to a private network" in page
    assert 'value="https://10.0.0.1/"' in page
    assert not WebhookEndpoint.objects.exists()


def test_operations_look_and_do_not_touch(oli):
    endpoint = add()

    page = oli.get(f"/webhooks/{endpoint.public_id}/").content.decode()

    assert "Send a ping" not in page
    assert oli.get("/webhooks/new/").status_code == 403
    assert oli.post(f"/webhooks/{endpoint.public_id}/ping/").status_code == 403
    assert oli.post(f"/webhooks/{endpoint.public_id}/switch-off/").status_code == 403
    assert WebhookEndpoint.objects.get().state == "enabled"


def test_the_warehouse_does_not_see_them(world):
    kim = world.browser(world.user("kim", role="warehouse"))

    assert kim.get("/webhooks/").status_code == 403
    assert "Webhooks" not in kim.get("/fulfillment/").content.decode()


def test_a_ping_is_asked_for(ada):
    endpoint = add()

    answer = ada.post(f"/webhooks/{endpoint.public_id}/ping/", follow=True)

    assert "A ping is on its way" in answer.content.decode()
    assert WebhookDelivery.objects.get().name == "webhook.ping"
    assert Job.objects.get(kind="webhook").key == endpoint.public_id


def test_the_log_shows_what_was_given_up_and_replays_it(ada):
    endpoint = add()
    tell("SO-1", "SO-2")
    relay()
    WebhookDelivery.objects.update(
        state="failed",
        attempts=9,
        last_status=500,
        last_error="It answered 500.",
        settled_at=timezone.now(),
    )
    page = ada.get(f"/webhooks/{endpoint.public_id}/?state=failed").content.decode()
    assert "2 events were given up" in page
    assert "It answered 500." in page

    one = WebhookDelivery.objects.order_by("id")[0]
    answer = ada.post(f"/webhooks/{endpoint.public_id}/deliveries/{one.pk}/replay/", follow=True)
    assert "It is sent again now" in answer.content.decode()
    assert WebhookDelivery.objects.get(pk=one.pk).state == "waiting"
    ada.post(f"/webhooks/{endpoint.public_id}/replay-failed/")

    assert not WebhookDelivery.objects.filter(state="failed").exists()


def test_replaying_what_is_on_its_way_is_refused(ada):
    endpoint = add()
    tell("SO-1")
    relay()
    one = WebhookDelivery.objects.get()

    path = f"/webhooks/{endpoint.public_id}/deliveries/{one.pk}/replay/"
    answer = ada.post(path, follow=True)

    assert "Cannot replay: the webhook delivery is waiting." in answer.content.decode()


def test_a_delivery_shows_what_is_sent_and_each_try(ada):
    endpoint = add()
    tell("SO-1", kind="fraud")
    relay()
    delivery = WebhookDelivery.objects.get()
    WebhookAttempt.objects.create(
        delivery=delivery, number=1, at=timezone.now(), status=502, ms=31, error="<b>no</b>"
    )

    page = ada.get(f"/webhooks/{endpoint.public_id}/deliveries/{delivery.pk}/").content.decode()

    assert "&quot;kind&quot;: &quot;fraud&quot;" in page
    assert "31 ms" in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    assert ada.get(f"/webhooks/{endpoint.public_id}/deliveries/999/").status_code == 404
    assert ada.get("/webhooks/we_00/").status_code == 404


def test_an_endpoint_is_switched_off_on_and_removed(ada):
    endpoint = add()
    path = f"/webhooks/{endpoint.public_id}/"
    assert "Switch it off?" in ada.get(f"{path}switch-off/").content.decode()

    ada.post(f"{path}switch-off/", {"reason": "They move house"})
    page = ada.get(path).content.decode()
    assert "They move house" in page
    assert "Send a ping" not in page
    again = ada.post(f"{path}switch-off/", {"reason": ""})
    assert "Cannot disable: the webhook endpoint is disabled." in again.content.decode()
    ada.post(f"{path}switch-on/")
    assert WebhookEndpoint.objects.get().state == "enabled"
    ada.post(f"{path}remove/")

    assert ada.get(path).status_code == 404


def test_a_new_secret_is_shown_once(ada):
    endpoint = add()

    answer = ada.post(f"/webhooks/{endpoint.public_id}/secret/")

    assert "whsec_" in answer.content.decode()
    assert endpoint.secrets.count() == 2
    assert endpoint.secrets.filter(expires_at=None).count() == 1


def test_a_range_is_replayed(ada):
    endpoint = add()
    tell("SO-1", "SO-2")
    relay()
    WebhookDelivery.objects.all().delete()
    path = f"/webhooks/{endpoint.public_id}/replay/"
    assert ada.post(path, {"since": "0"}).status_code == 422

    ada.post(path, {"since": "2"})

    assert WebhookDelivery.objects.get().event_id == 2


def queries_of(browser, path):
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(path).status_code == 200
    return len(asked)


def test_the_list_takes_as_many_queries_for_one_as_for_three(ada, django_assert_num_queries):
    add()
    ada.get("/webhooks/")
    for_one = queries_of(ada, "/webhooks/")
    add()
    add()

    assert queries_of(ada, "/webhooks/") == for_one
    with django_assert_num_queries(2):
        assert len(selectors.health_of(selectors.endpoint_list())) == 3


def test_the_log_takes_as_many_queries_for_one_as_for_three(ada):
    path = f"/webhooks/{add().public_id}/"
    tell("SO-1")
    relay()
    ada.get(path)
    for_one = queries_of(ada, path)
    tell("SO-1", "SO-2")
    relay()

    assert queries_of(ada, path) == for_one


def test_the_figures_tell_how_endpoints_fare(client):
    endpoint = add()
    tell("SO-1")
    relay()
    tell("SO-2")

    text = client.get("/metrics").content.decode()

    assert f'oms_webhooks_waiting{{endpoint="{endpoint.public_id}"}} 1' in text
    assert f'oms_webhooks_given_up{{endpoint="{endpoint.public_id}"}} 0' in text
    assert "oms_feed_backlog 1" in text
