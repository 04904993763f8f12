"""The desk of channels: how each fares, what is agreed, keys and secrets shown once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from oms.channels.models import Channel, ChannelSecret, InboundTraffic
from oms.channels.selectors import connection_of, secrets_in_force
from oms.channels.services import add_key, add_secret, principal_of
from oms.core.actors import SYSTEM
from orders.selectors import channel_rows, traffic_of

DAY = timedelta(days=1)


@pytest.fixture
def boss(world):
    return world.browser(world.user("boss", role="administrator"))


def shown(answer, name):
    return re.search(rf'id="{name}"[^>]*>([^<]+)</textarea>', answer.content.decode())[1]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_constant_number_of_queries(world, boss, count, django_assert_num_queries):
    for number in range(count):
        world.channel(f"shop-{number}")
        world.place(f"10{number}", channel=f"shop-{number}", tea=1)

    channels = list(Channel.objects.order_by("slug"))
    with django_assert_num_queries(1):
        rows = channel_rows(channels, since=timezone.now() - 9 * DAY)
    page = boss.get("/channels/")

    assert [row.today for row in rows] == [1] * count
    assert page.status_code == 200
    for number in range(count):
        assert f"/channels/shop-{number}/" in page.content.decode()


def test_orders_and_errors_of_today_are_counted(world):
    shop = world.channel()
    order = world.place("1001", tea=1)
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    for kind, slot, count in (("accepted", 0, 5), ("refused", 0, 2), ("refused", 1, 1)):
        InboundTraffic.objects.create(channel=shop, hour=hour, kind=kind, slot=slot, count=count)

    [row] = channel_rows([shop], since=order.placed_at - timedelta(hours=1))
    spans = traffic_of(shop, now=now, by_day=False, today=now)

    assert (row.today, row.last_order, row.errors, row.quarantined) == (1, order.number, 3, 0)
    assert row.lag_seconds is None
    assert (len(spans), spans[-1].accepted, spans[-1].others) == (24, 5, 3)


def test_opening_a_channel_shows_its_key_and_secret_once(boss):
    answer = boss.post(
        "/channels/new/", {"name": "Tea web", "slug": "tea", "adapter": "shopify", "secret": ""}
    )

    assert answer.status_code == 200
    assert principal_of(key=shown(answer, "key")).channel.slug == "tea"
    made = Channel.objects.get(slug="tea")
    secret = shown(answer, "secret")
    assert secrets_in_force(made.pk, at=timezone.now()) == [secret]
    page = boss.get("/channels/tea/").content.decode()
    assert "/api/v1/inbound/tea/" in page
    assert "refunds/create" in page
    assert secret not in page
    again = {"name": "Tea", "slug": "tea", "adapter": "native", "secret": ""}
    assert boss.post("/channels/new/", again).status_code == 422
    assert Channel.objects.count() == 1


def test_settings_are_kept_and_what_is_not_ticked_is_off(world, boss):
    world.channel()
    page = boss.get("/channels/shop/settings/")
    assert page.status_code == 200
    said = {
        "name": "Shop",
        "is_active": "on",
        "stock_policy": "refuse",
        "stock_seconds": 30,
        "unpaid_hours": 48,
        "requests_per_minute": 600,
        "burst": 50,
        "letters": ["order.cancelled"],
    }

    assert boss.post("/channels/shop/settings/", said).status_code == 302

    shop = Channel.objects.get(slug="shop")
    assert (shop.stock_policy, shop.unpaid_hours, shop.burst) == ("refuse", 48, 50)
    assert not shop.auto_confirm
    assert "order.confirmation" in shop.letters_off
    assert "order.cancelled" not in shop.letters_off
    assert boss.post("/channels/shop/settings/", {**said, "unpaid_hours": -1}).status_code == 422


def test_a_key_is_rotated_from_the_page_while_the_old_one_still_works(world, boss):
    world.channel()
    old = add_key(slug="shop", by=SYSTEM)

    answer = boss.post(f"/channels/keys/{old[:12]}/rotate/", {"overlap": "24"})

    assert principal_of(key=shown(answer, "shown")) is not None
    assert principal_of(key=old) is not None
    assert boss.post(f"/channels/keys/{old[:12]}/end/").status_code == 302
    assert principal_of(key=old) is None
    assert boss.post(f"/channels/keys/{old[:12]}/rotate/", {"overlap": "0"}).status_code == 404


def test_a_further_key_has_the_scopes_that_were_ticked(world, boss):
    world.channel()
    answer = boss.post("/channels/shop/keys/new/", {"name": "Stock", "scopes": ["stock"]})

    assert principal_of(key=shown(answer, "shown")).scopes == {"stock"}
    assert boss.post("/channels/shop/keys/new/", {"scopes": []}).status_code == 422


def test_the_next_secret_is_entered_and_the_old_one_ended(world, boss):
    shop = world.channel()
    add_secret(channel="shop", secret="first", by=SYSTEM, at=timezone.now())
    first = ChannelSecret.objects.get()

    answer = boss.post("/channels/shop/secrets/new/", {"secret": "second", "overlap": "24"})
    assert answer.status_code == 302
    assert secrets_in_force(shop.pk, at=timezone.now()) == ["second", "first"]

    boss.post(f"/channels/shop/secrets/{first.pk}/end/")
    assert secrets_in_force(shop.pk, at=timezone.now()) == ["second"]


def test_a_connection_is_entered_and_its_credentials_are_never_shown(world, boss):
    world.channel("web", adapter="shopify")
    said = {
        "base_url": "https://tea.myshopify.com",
        "is_on": "on",
        "credential_access_token": "s3cr",
    }

    assert boss.post("/channels/web/connection/", said).status_code == 302

    assert connection_of("web").credentials == {"access_token": "s3cr"}
    for address in ("/channels/web/", "/channels/web/connection/", "/admin/channels/channel/"):
        assert "s3cr" not in boss.get(address).content.decode()
    moved = {**said, "base_url": "https://elsewhere.example", "credential_access_token": ""}
    assert boss.post("/channels/web/connection/", moved).status_code == 422
    assert connection_of("web").base_url == "https://tea.myshopify.com"


@pytest.mark.parametrize("path", ["", "settings/", "connection/", "keys/new/", "secrets/new/"])
def test_who_may_not_see_channels_sees_none(world, path):
    world.channel()
    picker = world.browser(world.user("pick", role="warehouse"))

    assert picker.get(f"/channels/shop/{path}").status_code == 403


def test_operations_changes_settings_and_sees_no_keys(world):
    world.channel()
    key = add_key(slug="shop", by=SYSTEM)
    ops = world.browser(world.user("ops", role="operations"))

    page = ops.get("/channels/shop/")

    assert page.status_code == 200
    assert key[:12] not in page.content.decode()
    assert ops.get("/channels/shop/settings/").status_code == 200
    assert ops.get("/channels/keys/").status_code == 403
    assert ops.get("/channels/new/").status_code == 403
