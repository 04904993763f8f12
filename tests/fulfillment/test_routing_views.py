"""The pages of routing rules: read, drafted without code, tried, published, taken back."""

import json
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fulfillment import services
from fulfillment.models import BackTest, RoutingVersion
from fulfillment.rules.reading import parse
from fulfillment.rules.routing import BUILT_IN
from fulfillment.words_routing import Names, differences
from oms.core import jobs
from oms.core.actors import SYSTEM

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
ROUTING = "/fulfillment/routing/"


@pytest.fixture
def lead(world):
    world.location("rotterdam")
    world.location("leipzig")
    return world.browser(world.user("kim", role="operations"))


def begun(lead):
    lead.post(f"{ROUTING}begin/", {"based_on": "0"})
    return RoutingVersion.objects.get()


def fresh():
    return RoutingVersion.objects.order_by("-number").first()


def page(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


STEP = {
    "name": "Leipzig first",
    "sources": ["leipzig"],
    "allocate": "part",
    "parts": "2",
    "max_distance_km": "900",
    "has_capacity": "on",
    "freight": "1",
    "distance": "0.1",
}
GERMANY = {
    "name": "Germany",
    "countries": "de",
    "value_at_least": "50",
    "currency": "eur",
    "rest": "park",
    "cancel_after_days": "14",
}


def test_a_draft_is_written_without_code(lead):
    draft = begun(lead)
    at = f"{ROUTING}{draft.number}/"
    lead.post(f"{at}new/", {**GERMANY, "revision": "1"})
    lead.post(f"{at}0/0/", {**STEP, "revision": "2"})
    lead.post(
        f"{at}groups/", {"name": "near", "members": ["leipzig", "kind:store"], "revision": "3"}
    )

    assert fresh().rules["routings"][0] == {
        "name": "Germany",
        "when": {"countries": ["DE"], "value_at_least": "50", "currency": "EUR"},
        "steps": [
            {
                "name": "Leipzig first",
                "from": ["leipzig"],
                "limits": {"max_distance_km": "900", "has_capacity": True},
                "allocate": "part",
                "parts": 2,
                "weights": {"freight": "1", "distance": "0.1"},
            }
        ],
        "rest": "park",
        "cancel_after_days": 14,
    }
    assert fresh().rules["groups"] == {"near": ["leipzig", "kind:store"]}
    text = page(lead, at)
    assert "50 EUR or more" in text
    assert "it is at most 900 km away; it has capacity left that day" in text
    assert "The rest is held for a person to decide, and is called off after 14 days." in text
    assert "near" in page(lead, f"{at}groups/near/")
    assert 'value="900"' in page(lead, f"{at}0/0/")
    assert 'value="DE"' in page(lead, f"{at}0/")


def test_routings_and_steps_are_moved_and_removed(lead):
    begun(lead)
    at = f"{ROUTING}1/"
    lead.post(f"{at}new/", {**GERMANY, "revision": "1"})
    lead.post(f"{at}0/new/", {**STEP, "revision": "2"})

    def order():
        routings = fresh().rules["routings"]
        return [(row["name"], [step["name"] for step in row["steps"]]) for row in routings]

    built_in = ("Everything", ["Closest that has everything", "Cheapest together"])
    first = "Closest that has everything"
    assert order() == [("Germany", [first, "Leipzig first"]), built_in]

    lead.post(f"{at}arrange/", {"verb": "up 0/1", "revision": "3"})
    assert order() == [("Germany", ["Leipzig first", first]), built_in]
    lead.post(f"{at}arrange/", {"verb": "down 0", "revision": "4"})
    assert order() == [built_in, ("Germany", ["Leipzig first", first])]
    lead.post(f"{at}arrange/", {"verb": "remove 1", "revision": "5"})
    assert order() == [built_in]
    assert lead.post(f"{at}arrange/", {"verb": "up 9", "revision": "6"}).status_code == 404


@pytest.mark.parametrize(
    ("address", "said", "field", "words"),
    [
        ("1/new/", {**GERMANY, "countries": "Germany"}, "countries", "is not a country such as NL"),
        ("1/new/", {**GERMANY, "currency": ""}, "currency", "is needed where a value is said"),
        ("1/new/", {**GERMANY, "name": "Everything"}, "name", "stands there already"),
        ("1/new/", {**GERMANY, "value_at_least": "-1"}, "value_at_least", "greater than or equal"),
        ("1/0/new/", {**STEP, "name": ""}, "name", "required"),
        ("1/0/new/", {**STEP, "sources": ["moon"]}, "sources", "not one of the available"),
        ("1/groups/", {"name": "kind:x", "members": ["leipzig"]}, "name", "does not begin"),
    ],
)
def test_what_is_wrong_stands_by_its_field_and_nothing_is_saved(lead, address, said, field, words):
    begun(lead)

    answer = lead.post(f"{ROUTING}{address}", {**said, "revision": "1"})

    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert fresh().revision == 1


def test_of_two_editors_the_second_is_told(lead):
    begun(lead)
    lead.post(f"{ROUTING}1/new/", {**GERMANY, "revision": "1"})

    answer = lead.post(f"{ROUTING}1/0/0/", {**STEP, "revision": "1"})

    assert answer.status_code == 409
    assert "kim changed version 1 meanwhile" in answer.content.decode()
    assert fresh().rules["routings"][0]["name"] == "Germany"


def test_rules_go_out_and_come_in_as_a_file(lead):
    draft = begun(lead)
    out = lead.get(f"{ROUTING}{draft.number}.json")
    assert parse(json.loads(out.content), version=0) == BUILT_IN

    said = json.loads(out.content)
    said["routings"][0]["name"] = "All of them"
    file = SimpleUploadedFile("ours.json", json.dumps(said).encode())
    answer = lead.post(f"{ROUTING}file/", {"file": file})

    assert answer.url == f"{ROUTING}2/"
    assert (fresh().rules["routings"][0]["name"], fresh().note) == ("All of them", "ours.json")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "This is not JSON."),
        (b'{"routings": [], "x": 1}', "/x: is not known here"),
        (b"\xff\xfe", "This is not JSON."),
        (b"[" * 100_000, "This is not JSON."),
    ],
)
def test_a_file_that_is_no_rule_book_is_refused(lead, content, words):
    answer = lead.post(f"{ROUTING}file/", {"file": SimpleUploadedFile("x.json", content)})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not RoutingVersion.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_draft_is_tried_published_and_taken_back_on_the_pages(world, lead):
    world.stock("tea", rotterdam=10, leipzig=10)
    order = world.place("1", tea=2)
    begun(lead)
    lead.post(f"{ROUTING}1/0/0/", {**STEP, "has_capacity": "", "revision": "1"})
    refused = lead.post(f"{ROUTING}1/publish/", {"revision": "2"}, follow=True)
    assert "has no back-test of its rules" in refused.content.decode()

    asked = lead.post(f"{ROUTING}1/test/", {"since": "2026-11-20", "until": "2026-11-20"})
    assert "0 of 1 orders" in page(lead, asked.url)
    while jobs.drain("back_test"):
        pass
    text = page(lead, asked.url)
    assert order.number in text
    assert "2 from Rotterdam" in text
    assert "2 from Leipzig" in text
    assert "1 order decided otherwise" in text
    assert lead.get(f"{asked.url}live/")["HX-Refresh"] == "true"

    lead.post(f"{ROUTING}1/publish/", {"revision": "2"})
    assert "Version 1 counts" in page(lead, ROUTING)
    lead.post(f"{ROUTING}undo/", {"live": "1"})
    text = page(lead, ROUTING)
    assert "Version 2 counts" in text
    assert "The built-in rules again" in text
    assert page(lead, f"{ROUTING}1/")


def test_a_back_test_can_be_stopped_and_days_must_be_in_order(lead):
    begun(lead)
    answer = lead.post(f"{ROUTING}1/test/", {"since": "2026-11-20", "until": "2026-11-01"})
    assert answer.status_code == 422
    asked = lead.post(f"{ROUTING}1/test/", {"since": "2026-11-01", "until": "2026-11-20"})

    lead.post(f"{asked.url}stop/")

    assert BackTest.objects.get().status == "stopped"


def test_a_discarded_draft_is_no_longer_edited(lead):
    begun(lead)

    lead.post(f"{ROUTING}1/discard/", {"revision": "1"})

    assert fresh().status == "discarded"
    assert lead.get(f"{ROUTING}1/new/").status_code == 404
    assert "Begin a draft from it" in page(lead, f"{ROUTING}1/")


def test_others_read_and_do_not_touch(world, lead):
    begun(lead)
    reader = world.browser(world.user("lee", role="support"))

    assert "Begin a draft" not in page(reader, ROUTING)
    assert f"{ROUTING}1/0/" not in page(reader, f"{ROUTING}1/")
    for address in ("begin/", "undo/", "1/publish/", "1/discard/", "1/arrange/", "1/test/"):
        assert reader.post(f"{ROUTING}{address}").status_code == 403
    for address in ("1/new/", "1/0/", "1/0/0/", "1/groups/", "1/note/", "file/"):
        assert reader.get(f"{ROUTING}{address}").status_code == 403


def test_what_is_not_there_is_not_found(lead):
    for address in ("9/", "9.json", "9/new/", "9/test/", "tests/BT-9/"):
        assert lead.get(f"{ROUTING}{address}").status_code == 404
    assert lead.post(f"{ROUTING}begin/", {"based_on": "9"}).status_code == 404


def test_the_list_asks_as_often_for_three_versions_as_for_one(lead, django_assert_num_queries):
    begun(lead)
    lead.get(ROUTING)
    with django_assert_num_queries(21):
        lead.get(ROUTING)
    lead.post(f"{ROUTING}begin/", {"based_on": "1"})
    lead.post(f"{ROUTING}begin/", {"based_on": "0"})
    with django_assert_num_queries(21):
        lead.get(ROUTING)


def test_differences_are_told_in_words_place_by_place():
    step = {"name": "Closest", "weights": {"distance": "1"}}
    other = {"name": "Cheapest", "allocate": "part", "weights": {"freight": "1"}}
    was = {"routings": [{"name": "A", "steps": [step, other]}, {"name": "B", "steps": [step]}]}
    becomes = {
        "routings": [
            {"name": "B", "steps": [step], "rest": "park"},
            {
                "name": "A",
                "when": {"countries": ["NL", "BE"]},
                "steps": [{**step, "limits": {"max_distance_km": 500}}],
            },
        ]
    }

    found = differences(parse(was), parse(becomes), Names())

    assert [tuple(each) for each in found] == [
        ("", "Order of routings", "A → B", "B → A"),
        ("B", "The rest", "The rest waits for stock.", "The rest is held for a person to decide."),
        ("A", "For", "every order", ""),
        ("A", "Country", "", "BE or NL"),
        ("A: Closest", "Only if", "", "it is at most 500 km away"),
        ("A: Cheapest", "Step", "was there", ""),
    ]


def test_a_renamed_group_is_followed_by_the_steps_that_use_it(lead):
    draft = begun(lead)
    services.save_routing_draft(
        version=1,
        revision=1,
        rules={
            "groups": {"near": ["leipzig"]},
            "routings": [{"name": "A", "steps": [{"name": "S", "from": ["near"]}]}],
        },
        by=SYSTEM,
        at=AT,
    )
    at = f"{ROUTING}{draft.number}/groups/near/"
    assert "Used by A: S." in page(lead, at)

    lead.post(at, {"name": "close", "members": ["rotterdam"], "revision": "2"})

    assert fresh().rules["groups"] == {"close": ["rotterdam"]}
    assert fresh().rules["routings"][0]["steps"][0]["from"] == ["close"]
