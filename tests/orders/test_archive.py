"""The archive of what channels sent: who may look, what it shows, what it costs."""

import json
import re
from datetime import timedelta
from typing import get_args

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.channels.models import InboundMessage, InboundTraffic
from oms.channels.rules.archiving import headers_kept, identity_of
from oms.channels.rules.showing import LONGEST, shown
from oms.channels.services import Arrived, archive_message, purge_messages
from oms.core.models import EventRecord
from orders.adapters.parts import Part
from orders.telling_messages import WORDS
from tests.orders.inbound import give_secret, post, send, signed, traffic, work

pytestmark = pytest.mark.django_db
LIST = "/channels/messages/"


@pytest.fixture
def shop(world):
    channel = world.channel("shop")
    give_secret("shop")
    return channel


@pytest.fixture
def olga(world):
    return world.browser(world.user("olga", "operations"))


@pytest.fixture
def sam(world):
    return world.browser(world.user("sam", "support"))


def kept(body, **proof):
    post(body, **proof)
    return InboundMessage.objects.latest("id")


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_support_looks_and_operations_process_again(world, shop, sam, olga):
    message = kept(b"[]")
    address = f"{LIST}{message.number}/"
    warehouse = world.browser(world.user("wim", "warehouse", at=["rotterdam"]))

    for each in (LIST, address):
        assert warehouse.get(each).status_code == 403
    assert "Process again" not in page(sam, address)
    for each in (f"{address}process/", f"{LIST}process/"):
        assert sam.post(each).status_code == 403
        assert olga.get(each).status_code == 405
    assert "Process again" in page(olga, address)

    InboundMessage.objects.update(state="applied")
    assert olga.post(f"{address}process/").headers["location"] == address
    message.refresh_from_db()
    assert (message.state, message.asked) == ("stored", 2)
    assert EventRecord.objects.get(name="channel.messages_reprocessed").actor == "user:olga"


def test_there_is_no_page_for_a_message_that_never_came(olga, shop):
    for address in (f"{LIST}IM-1/", f"{LIST}x%01/"):
        assert olga.get(address).status_code == 404
        assert olga.post(f"{address}process/").status_code == 404


def test_a_page_shows_what_came_and_what_was_read_from_it(world, shop, sam):
    body = world.order_body("1001", tea=2, fields={"notes": "<script>alert(1)</script>"})
    message = kept(body)
    work()
    text = page(sam, f"{LIST}{message.number}/")
    assert "Order 1001" in text
    assert "2 \N{MULTIPLICATION SIGN} tea" in text
    assert "Molenstraat 27" in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text
    assert "whsec" not in text


def test_a_page_of_what_cannot_be_read_says_why(shop, sam):
    message = kept(b"\xff<not xml")
    text = page(sam, f"{LIST}{message.number}/")
    assert "The body is not UTF-8." in text
    assert "&lt;not xml" in text


def test_messages_are_found_by_channel_topic_state_day_and_order(world, shop, sam):
    world.channel("market")
    give_secret("market")
    post(world.order_body("1001", tea=1), message_id="a")
    post(world.order_body("1002", tea=1), message_id="b", channel="market")
    event = {"type": "cart.filled", "timestamp": "2026-11-20T12:00:00Z", "data": {"units": 3}}
    post(event, message_id="c")
    post(b"[]", message_id="d")
    work()
    numbers = list(InboundMessage.objects.order_by("id").values_list("number", flat=True))
    InboundMessage.objects.filter(number=numbers[0]).update(received_at="2026-01-31T23:30Z")

    def found(query):
        text = page(sam, f"{LIST}?{query}")
        return [number for number in numbers if f"{LIST}{number}/" in text]

    a, b, c, d = numbers
    assert found("") == numbers
    assert found("order=1001") == [a]
    assert found("order=1002&channel=shop") == []
    assert found("channel=market") == [b]
    assert found("topic=cart.filled") == [c]
    assert found("state=quarantined") == [d]
    assert found("since=2026-01-31&until=2026-01-31") == [a]
    assert found("until=2026-01-30") == []
    assert found("state=nonsense&since=x&cursor=x") == numbers


def test_pages_of_the_list_follow_one_another(shop, sam):
    now = timezone.now()
    InboundMessage.objects.bulk_create(
        InboundMessage(
            number=f"IM-{number}",
            channel=shop,
            identity=str(number),
            digest="",
            size=0,
            received_at=now,
        )
        for number in range(100, 151)
    )
    first = page(sam, LIST)
    older = re.search(r"cursor=([\w-]+)", first)[1]
    second = page(sam, f"{LIST}?cursor={older}")
    assert first.count(f'href="{LIST}IM-') == 50
    assert f"{LIST}IM-100/" in second
    assert second.count(f'href="{LIST}IM-') == 1


def test_the_list_costs_the_same_for_one_and_for_three(world, shop, sam):
    counts = []
    for number in (1, 2, 3):
        post(world.order_body(f"100{number}", tea=1), message_id=f"msg_{number}")
        work()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(sam, LIST)
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_all_that_is_aside_of_a_channel_is_processed_again_from_the_list(shop, olga, sam):
    for number in range(3):
        post(b"[]", message_id=f"msg_{number}")
    narrowed = f"{LIST}?state=quarantined&channel=shop"
    assert "Process all 3 again" in page(olga, narrowed)
    assert "Process all" not in page(sam, narrowed)
    assert "Process all" not in page(olga, f"{LIST}?state=quarantined")

    answer = olga.post(f"{LIST}process/", {"channel": "shop", "topic": "order"}, follow=True)
    assert "3 messages are processed again." in answer.content.decode()
    assert set(InboundMessage.objects.values_list("state", flat=True)) == {"stored"}


# What is kept


def test_headers_that_prove_or_betray_something_are_not_kept(shop):
    body = b"[]"
    told = {
        "X-Topic": "orders",
        "User-Agent": "Shop/1",
        "Cookie": "sessionid=1",
        "X-Api-Key": "k",
        "X-Forwarded-For": "192.0.2.1",
        "X-Access-Token": "t",
    }
    send(body, {**signed(body), **told})
    headers = InboundMessage.objects.get().headers
    assert headers == {
        "content-type": "application/json",
        "user-agent": "Shop/1",
        "webhook-id": "msg_1",
        "webhook-timestamp": headers["webhook-timestamp"],
        "x-topic": "orders",
    }


def test_headers_that_are_many_long_or_strange_are_cut():
    kept = headers_kept({f"x-{n:03}": "a\x00\n" * 400 for n in range(100)})
    assert len(kept) == 40
    assert set(kept.values()) == {"a" * 400}
    assert headers_kept({"x-long": "a" * 900})["x-long"] == "a" * 500
    assert headers_kept({"x-own-proof": "1", "x-b": "2"}, proofs=["x-own-proof"]) == {"x-b": "2"}


def test_a_message_is_known_by_its_id_or_by_what_it_says():
    def known(**fields):
        said = {"source": "webhook", "message_id": "", "topic": "t", "digest": "d", **fields}
        return identity_of(**said)

    assert known(message_id="a") == known(message_id="a", topic="u", digest="e")
    assert known() != known(topic="u")
    assert known() != known(digest="e")
    assert known(message_id="a\0b") != known(message_id="ab")
    assert len(known(message_id="a" * 5000)) <= 128
    fetched = known(source="fetch", message_id="a")
    assert fetched != known(source="fetch", message_id="a", digest="e")
    assert fetched != known(message_id="a")


def test_what_we_fetched_is_archived_like_what_was_sent(shop):
    def fetch(body):
        return archive_message(
            arrived=Arrived(
                channel_id=shop.pk,
                message_id="order 7",
                topic="order",
                headers={},
                body=body,
                at=timezone.now(),
                source="fetch",
            )
        )

    first, again, later = fetch(b"[1]"), fetch(b"[1]"), fetch(b"[2]")
    assert (first.is_new, again.is_new, later.is_new) == (True, False, True)
    assert first.number == again.number != later.number
    assert traffic() == {"accepted": 2, "duplicate": 1}


def test_bodies_go_after_their_time_and_what_lies_aside_stays(world, shop, sam, olga, settings):
    settings.MESSAGES_KEPT_DAYS = 30
    post(world.order_body("1001", tea=1), message_id="old")
    post(b"[]", message_id="aside")
    work()
    post(world.order_body("1002", tea=1), message_id="new")
    work()
    old = InboundMessage.objects.get(message_id="old")
    past = timezone.now() - timedelta(days=31)
    InboundMessage.objects.exclude(message_id="new").update(processed_at=past)
    InboundTraffic.objects.update(hour=timezone.now() - timedelta(days=401))

    assert purge_messages(at=timezone.now()) is False
    assert purge_messages(at=timezone.now()) is False

    sizes = {m.message_id: len(bytes(m.body)) for m in InboundMessage.objects.all()}
    assert sizes["old"] == 0
    assert min(sizes["aside"], sizes["new"]) > 0
    assert not InboundTraffic.objects.exists()
    old.refresh_from_db()
    assert (old.state, old.orders, old.headers) == ("applied", ["1001"], {})
    text = page(sam, f"{LIST}{old.number}/")
    assert "kept for 30 days" in text
    assert "Robin" not in text
    answer = olga.post(f"{LIST}{old.number}/process/", follow=True).content.decode()
    assert f"The body of {old.number} is not kept any more." in answer
    old.refresh_from_db()
    assert old.state == "applied"


# As people read it


def test_bodies_are_put_into_lines_and_cut_when_huge():
    assert shown(b'{"a":[1,"\xc3\xa9"]}').text == '{\n  "a": [\n    1,\n    "é"\n  ]\n}'
    told = shown(b"<a><b>x</b></a>")
    assert (told.language, told.text) == ("XML", "<a>\n  <b>x</b>\n</a>\n")
    huge = shown(json.dumps(["x" * 100_000]).encode())
    assert (len(huge.text), huge.left_out > 0) == (LONGEST, True)
    assert shown(b"x" * 2_000_000).left_out == 2_000_000 - LONGEST
    assert shown(b"a\x00b\xe2\x80\xaec\xff").text == "a·b·c\ufffd"
    assert shown(b"[" * 100_000).language == "Text"


def test_xml_that_reaches_out_or_swells_is_shown_without_doing_so():
    entity = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>'
    assert "&x;" in shown(entity).text
    lol = b'<!DOCTYPE a [<!ENTITY x "' + b"y" * 1000 + b'">]><a>' + b"&x;" * 1000 + b"</a>"
    assert len(shown(lol).text) < 10_000


def test_every_kind_of_part_has_its_words():
    assert set(WORDS) == set(get_args(Part))
