"""Secrets and connections of channels: sealed, several in force while one follows the other."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from oms.channels.errors import (
    ChannelNotFound,
    ConnectionIncomplete,
    LastSecret,
    SecretNotFound,
    SecretUnfit,
)
from oms.channels.models import Channel, ChannelConnection, ChannelSecret
from oms.channels.selectors import connection_of, secrets_in_force
from oms.channels.services import add_secret, connect_channel, create_channel, end_secret
from oms.core.actors import SYSTEM, Actor
from oms.core.models import EventRecord
from oms.core.outbound import AddressNotAllowed

KIM = Actor("user", "kim")
DAY = timedelta(days=1)


def facts(name):
    return list(EventRecord.objects.filter(name=name).values_list("payload", flat=True))


def dump(*tables):
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 (our own text)
            found += [row[0] for row in cursor.fetchall()]
        return "\n".join(found)


def test_old_and_new_secret_count_during_the_overlap_and_only_the_new_one_after(world):
    shop = world.channel()
    now = timezone.now()
    add_secret(channel="shop", secret="first", by=KIM, at=now)
    add_secret(channel="shop", secret="second", overlap=DAY, by=KIM, at=now)

    assert secrets_in_force(shop.pk, at=now) == ["second", "first"]
    assert secrets_in_force(shop.pk, at=now + DAY - timedelta(seconds=1)) == ["second", "first"]
    assert secrets_in_force(shop.pk, at=now + DAY) == ["second"]


def test_a_later_rotation_never_lengthens_what_is_ending(world):
    shop = world.channel()
    now = timezone.now()
    add_secret(channel="shop", secret="first", by=KIM, at=now)
    add_secret(channel="shop", secret="second", overlap=timedelta(hours=1), by=KIM, at=now)
    add_secret(channel="shop", secret="third", overlap=DAY, by=KIM, at=now)

    later = now + timedelta(hours=2)
    assert secrets_in_force(shop.pk, at=later) == ["third", "second"]


def test_without_overlap_the_old_secret_is_refused_at_once(world):
    shop = world.channel()
    now = timezone.now()
    add_secret(channel="shop", secret="first", by=KIM, at=now)
    made = add_secret(channel="shop", overlap=timedelta(0), by=KIM, at=now)

    assert secrets_in_force(shop.pk, at=now) == [made]
    assert len(made) >= 32


def test_what_was_replaced_can_be_ended_early_and_the_last_one_stays(world):
    shop = world.channel()
    now = timezone.now()
    add_secret(channel="shop", secret="first", by=KIM, at=now)
    add_secret(channel="shop", secret="second", by=KIM, at=now)
    first, second = ChannelSecret.objects.order_by("id")

    end_secret(channel="shop", secret_id=first.pk, by=KIM, at=now)
    assert secrets_in_force(shop.pk, at=now) == ["second"]

    with pytest.raises(LastSecret):
        end_secret(channel="shop", secret_id=second.pk, by=KIM, at=now)
    with pytest.raises(SecretNotFound):
        end_secret(channel="shop", secret_id=first.pk, by=KIM, at=now)
    world.channel("other")
    with pytest.raises(SecretNotFound):
        end_secret(channel="other", secret_id=second.pk, by=KIM, at=now)
    assert secrets_in_force(shop.pk, at=now) == ["second"]


def test_the_secret_of_another_channel_does_not_count(world):
    shop, other = world.channel(), world.channel("other")
    now = timezone.now()
    add_secret(channel="shop", secret="mine", by=KIM, at=now)

    assert secrets_in_force(other.pk, at=now) == []
    assert secrets_in_force(shop.pk, at=now) == ["mine"]


@pytest.mark.parametrize("secret", ["two\nlines", "x" * 5000])
def test_a_secret_that_nobody_could_sign_with_is_refused(world, secret):
    world.channel()

    with pytest.raises(SecretUnfit):
        add_secret(channel="shop", secret=secret, by=KIM, at=timezone.now())

    assert not ChannelSecret.objects.exists()


def test_the_command_keeps_the_secret_sealed(db):
    call_command("create_channel", "web", "--name", "Web", "--secret", "sEcr3t-in-clear", "--json")

    web = Channel.objects.get(slug="web")
    assert secrets_in_force(web.pk, at=timezone.now()) == ["sEcr3t-in-clear"]
    everything = dump("channels_channel", "channels_channelsecret", "core_eventrecord")
    assert "sEcr3t-in-clear" not in everything


def connect(**said):
    wanted = {
        "channel": "web",
        "base_url": "https://tea.myshopify.com/",
        "options": {"api_version": "2026-10", "unknown": "x"},
        "credentials": {"access_token": "shpat_cl3ar"},
        "by": KIM,
        "at": timezone.now(),
        **said,
    }
    connect_channel(**wanted)


@pytest.fixture
def web(db):
    create_channel(slug="web", name="Web", adapter="shopify")
    return Channel.objects.get(slug="web")


def test_a_connection_is_sealed_and_opened_for_the_adapter_alone(web):
    connect()

    found = connection_of("web")
    assert (found.adapter, found.base_url) == ("shopify", "https://tea.myshopify.com")
    assert found.credentials == {"access_token": "shpat_cl3ar"}
    assert found.options == {"api_version": "2026-10"}
    assert "shpat" not in repr(found)
    assert "shpat_cl3ar" not in dump("channels_channelconnection", "core_eventrecord")
    assert facts("channel.connected") == [
        {"base_url": "https://tea.myshopify.com", "names": ["access_token"], "is_on": True}
    ]


def test_credentials_left_empty_stay_unless_the_address_leads_elsewhere(web):
    connect()
    connect(base_url="https://tea.myshopify.com/admin", credentials={"access_token": ""})
    assert connection_of("web").credentials == {"access_token": "shpat_cl3ar"}

    with pytest.raises(ConnectionIncomplete):
        connect(base_url="https://thief.example", credentials={})
    assert connection_of("web").base_url == "https://tea.myshopify.com/admin"


def test_what_is_off_or_was_never_connected_is_not_called(web):
    assert connection_of("web") is None
    connect(is_on=False)
    assert connection_of("web") is None
    connect(credentials={})
    assert connection_of("web") is not None

    Channel.objects.update(is_active=False)
    assert connection_of("web") is None


def test_addresses_inside_the_house_and_unknown_channels_are_refused(web):
    with pytest.raises(AddressNotAllowed):
        connect(base_url="http://tea.myshopify.com")
    with pytest.raises(AddressNotAllowed):
        connect(base_url="https://127.0.0.1/")
    with pytest.raises(ChannelNotFound):
        connect(channel="nobody")
    with pytest.raises(ChannelNotFound):
        add_secret(channel="nobody", by=SYSTEM, at=timezone.now())

    assert not ChannelConnection.objects.exists()


def test_opening_a_channel_is_told(web):
    assert facts("channel.opened") == [{"adapter": "shopify"}]
