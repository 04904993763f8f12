"""Keys: issued, rotated with overlap, ended; that they are used is known to the hour."""

from datetime import timedelta

import pytest
from django.utils import timezone

from oms.channels.errors import KeyNotFound
from oms.channels.models import ApiKey
from oms.channels.services import (
    Terms,
    add_key,
    agree,
    create_api_key,
    end_key,
    principal_of,
    rotate_key,
)
from oms.core.actors import Actor
from oms.core.models import EventRecord

KIM = Actor("user", "kim")
DAY = timedelta(days=1)


def facts(name):
    rows = EventRecord.objects.filter(name=name).order_by("id")
    return list(rows.values_list("thread", "subject", "payload"))


def test_a_rotated_key_counts_beside_the_new_one_until_its_day(world):
    world.channel()
    old = add_key(slug="shop", scopes=["orders"], name="Till", by=KIM)
    now = timezone.now()

    new = rotate_key(prefix=old[:12], overlap=DAY, by=KIM, at=now)

    assert principal_of(key=old).channel.slug == "shop"
    assert principal_of(key=new).scopes == {"orders"}
    kept = ApiKey.objects.get(prefix=new[:12])
    assert (kept.name, kept.created_by) == ("Till", "user:kim")
    ApiKey.objects.filter(prefix=old[:12]).update(ends_at=now - timedelta(seconds=1))
    assert principal_of(key=old) is None
    assert principal_of(key=new) is not None
    issued = facts("api_key.issued")[-1]
    assert issued == (
        "shop",
        new[:12],
        {"scopes": ["orders"], "replaces": old[:12], "old_until": (now + DAY).isoformat()},
    )


def test_a_key_that_ends_soon_never_lives_longer_by_rotating_it_again(world):
    world.channel()
    key = add_key(slug="shop", by=KIM)
    now = timezone.now()

    rotate_key(prefix=key[:12], overlap=timedelta(hours=1), by=KIM, at=now)
    rotate_key(prefix=key[:12], overlap=DAY, by=KIM, at=now)

    assert ApiKey.objects.get(prefix=key[:12]).ends_at == now + timedelta(hours=1)


def test_an_ended_key_opens_nothing_and_cannot_be_rotated(world):
    key = create_api_key(user=world.user("kim"), scopes=["stock"], by=KIM)

    end_key(prefix=key[:12], by=KIM, at=timezone.now())

    assert principal_of(key=key) is None
    assert facts("api_key.revoked") == [("user:kim", key[:12], {})]
    for act in (rotate_key, end_key):
        with pytest.raises(KeyNotFound):
            act(prefix=key[:12], by=KIM, at=timezone.now())
    assert ApiKey.objects.count() == 1


def test_when_a_key_was_used_is_written_once_an_hour_in_the_query_that_finds_it(
    world, django_assert_num_queries
):
    world.channel()
    key = add_key(slug="shop", by=KIM)
    row = ApiKey.objects.filter(prefix=key[:12])

    with django_assert_num_queries(1):
        principal_of(key=key)
    first = row.get().last_used_at
    assert first is not None

    row.update(last_used_at=first - timedelta(minutes=59))
    principal_of(key=key)
    assert row.get().last_used_at == first - timedelta(minutes=59)

    row.update(last_used_at=first - timedelta(minutes=61))
    principal_of(key=key)
    assert row.get().last_used_at >= first


def test_a_wrong_key_with_the_right_beginning_was_not_used(world):
    world.channel()
    key = add_key(slug="shop", by=KIM)

    assert principal_of(key=key[:12] + "x" * 30) is None

    assert ApiKey.objects.get(prefix=key[:12]).last_used_at is None


def test_terms_are_changed_and_told_once(world):
    shop = world.channel()
    terms = Terms(name="Tea shop", auto_confirm=False, letters_off=("order_placed",))

    agree(channel="shop", terms=terms, by=KIM, at=timezone.now())
    agree(channel="shop", terms=terms, by=KIM, at=timezone.now())

    shop.refresh_from_db()
    assert (shop.name, shop.auto_confirm, shop.letters_off) == ("Tea shop", False, ["order_placed"])
    assert shop.principal.auto_confirm is False
    assert facts("channel.changed") == [
        (
            "shop",
            "shop",
            {
                "changes": {
                    "name": {"from": "Shop", "to": "Tea shop"},
                    "auto_confirm": {"from": True, "to": False},
                    "letters_off": {"from": [], "to": ["order_placed"]},
                }
            },
        )
    ]
