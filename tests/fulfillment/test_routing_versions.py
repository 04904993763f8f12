"""Versions of the routing rules: drafted, tried, published, taken back."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from fulfillment import services
from fulfillment.errors import BadRules
from fulfillment.errors_routing import (
    BackTestNeeded,
    NothingPublished,
    RoutingMoved,
    RoutingVersionChanged,
    RoutingVersionNotFound,
    RoutingVersionSettled,
)
from fulfillment.models import BackTest, RoutingVersion
from fulfillment.rules.reading import parse
from fulfillment.rules.routing import BUILT_IN
from fulfillment.rules.writing import document_of
from fulfillment.selectors import live_number, live_rules
from fulfillment.states import BackTestStatus
from oms.core.actors import Actor
from oms.core.models import EventRecord

KIM = Actor("user", "kim")
LEE = Actor("user", "lee")
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
STEP = {
    "name": "Closest",
    "allocate": "all",
    "parts": 1,
    "weights": {"distance": "1"},
}


def rules(name="Everything", **step):
    return {"routings": [{"name": name, "steps": [{**STEP, **step}], "rest": "wait"}]}


def draft(said=None, based_on=0):
    made = services.begin_routing_draft(based_on=based_on, by=KIM, at=AT)
    if said is None:
        return made
    return save(made, said)


def save(version, said, *, revision=None, by=KIM):
    return services.save_routing_draft(
        version=version.number,
        revision=version.revision if revision is None else revision,
        rules=said,
        by=by,
        at=AT,
    )


def tried(version):
    return BackTest.objects.create(
        number=f"BT-{version.number}-{BackTest.objects.count()}",
        version=version,
        revision=version.revision,
        against=live_number(),
        rules=version.rules,
        since=AT,
        until=AT,
        status=BackTestStatus.DONE,
        asked_by=str(KIM),
        asked_at=AT,
    )


def published(said):
    version = draft(said)
    tried(version)
    return services.publish_routing(
        version=version.number, revision=version.revision, by=LEE, at=AT
    )


def states():
    rows = RoutingVersion.objects.order_by("number")
    return [(row.number, row.status) for row in rows]


def test_the_document_of_a_rule_book_is_read_as_the_same_rule_book():
    assert parse(document_of(BUILT_IN)) == BUILT_IN
    full = {
        "groups": {"benelux": ["ROT", "ANR"]},
        "routings": [
            {
                "name": "Express",
                "when": {
                    "channels": ["web"],
                    "countries": ["BE", "NL"],
                    "postal_codes": ["10"],
                    "value_at_least": "100",
                    "currency": "EUR",
                    "arrives_within_days": 2,
                },
                "steps": [
                    {
                        **STEP,
                        "from": ["benelux", "kind:store"],
                        "limits": {"max_distance_km": "500", "has_capacity": True, "lot_days": 0},
                        "part_value_at_least": "20.5",
                    }
                ],
                "rest": "park",
                "cancel_after_days": 14,
            }
        ],
    }
    assert document_of(parse(full)) == full


def test_a_draft_begins_with_the_rules_it_is_based_on_and_changes_nothing_yet(db):
    made = draft()

    assert (made.number, made.status, made.based_on) == (1, "draft", 0)
    assert parse(made.rules) == BUILT_IN
    assert (live_number(), live_rules()) == (0, BUILT_IN)


def test_a_published_version_decides_and_undo_publishes_the_one_before_again(
    db, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = published(rules("First"))
    assert (first.status, first.published_by) == ("live", "user:lee")
    assert (live_rules().version, live_rules().routings[0].name) == (1, "First")

    with django_capture_on_commit_callbacks(execute=True):
        published(rules("Second"))
    assert live_rules().routings[0].name == "Second"

    with django_capture_on_commit_callbacks(execute=True):
        again = services.undo_routing(live=2, by=KIM, at=AT)
    assert (again.number, again.note) == (3, "Version 1 again")
    assert live_rules().routings[0].name == "First"
    assert states() == [(1, "replaced"), (2, "replaced"), (3, "live")]

    services.undo_routing(live=3, by=KIM, at=AT)
    assert RoutingVersion.objects.get(status="live").rules == rules("Second")


def test_undoing_the_first_version_brings_the_built_in_rules_back(db):
    published(rules())

    again = services.undo_routing(live=1, by=KIM, at=AT)

    assert (parse(again.rules), again.note) == (BUILT_IN, "The built-in rules again")


def test_who_undoes_what_somebody_else_undid_is_told(db):
    published(rules())
    services.undo_routing(live=1, by=KIM, at=AT)

    with pytest.raises(RoutingMoved):
        services.undo_routing(live=1, by=LEE, at=AT)

    assert states() == [(1, "replaced"), (2, "live")]


def test_where_nothing_was_published_nothing_is_undone(db):
    with pytest.raises(NothingPublished):
        services.undo_routing(live=0, by=KIM, at=AT)


def test_rules_that_nobody_tried_are_not_published(db):
    version = draft(rules())

    def refuse():
        fresh = RoutingVersion.objects.get(number=version.number)
        with pytest.raises(BackTestNeeded):
            services.publish_routing(version=fresh.number, revision=fresh.revision, by=KIM, at=AT)
        assert live_number() == 0

    refuse()
    BackTest.objects.filter(pk=tried(version).pk).update(status="running")
    refuse()
    BackTest.objects.update(status="done")
    save(version, rules("Changed since"))
    refuse()


def test_a_back_test_against_rules_that_are_no_longer_live_is_not_enough(db):
    one, two = draft(rules("One")), draft(rules("Two"))
    tried(one)
    tried(two)
    services.publish_routing(version=one.number, revision=one.revision, by=KIM, at=AT)

    with pytest.raises(BackTestNeeded):
        services.publish_routing(version=two.number, revision=two.revision, by=KIM, at=AT)

    assert states() == [(1, "live"), (2, "draft")]


def test_of_two_who_change_one_draft_the_second_is_told(db):
    made = draft()
    save(made, rules("Kim's"))

    with pytest.raises(RoutingVersionChanged) as refused:
        save(made, rules("Lee's"), revision=1, by=LEE)

    assert str(refused.value).startswith("kim changed version 1 meanwhile.")
    kept = RoutingVersion.objects.get()
    assert (kept.rules, kept.revision, kept.changed_by) == (rules("Kim's"), 2, "user:kim")


def test_saying_the_same_again_changes_nothing(db):
    made = draft(rules())

    save(made, {**rules(), "groups": {}}, by=LEE)

    kept = RoutingVersion.objects.get()
    assert (kept.revision, kept.changed_by) == (2, "user:kim")
    assert EventRecord.objects.filter(name="routing.changed").count() == 1


def test_what_cannot_be_followed_is_refused_with_its_place(world):
    made = draft()
    world.location("rotterdam")

    with pytest.raises(BadRules) as refused:
        save(made, rules(**{"from": ["rotterdam", "ROTERDAM", "kind:store"]}))

    assert refused.value.problems == ["/routings/0/steps/0/from: there is no location ROTERDAM"]
    assert RoutingVersion.objects.get().revision == 1


@pytest.mark.parametrize("verb", ["save", "publish", "discard"])
def test_only_a_draft_is_changed_published_or_discarded(db, verb):
    version = published(rules())
    acts = {
        "save": lambda: save(version, rules("Other")),
        "publish": lambda: services.publish_routing(
            version=1, revision=version.revision, by=KIM, at=AT
        ),
        "discard": lambda: services.discard_routing_draft(
            version=1, revision=version.revision, by=KIM, at=AT
        ),
    }

    with pytest.raises(RoutingVersionSettled):
        acts[verb]()

    assert states() == [(1, "live")]


def test_a_discarded_draft_stays_to_be_read(db):
    made = draft(rules())

    services.discard_routing_draft(version=1, revision=made.revision, by=KIM, at=AT)

    assert states() == [(1, "discarded")]
    with pytest.raises(RoutingVersionNotFound):
        services.discard_routing_draft(version=9, revision=1, by=KIM, at=AT)


def test_rules_are_asked_for_once_while_they_are_kept(db, django_assert_num_queries):
    published(rules())

    with django_assert_num_queries(2):
        assert live_rules().version == 1
    with django_assert_num_queries(0):
        assert live_rules().version == 1


def test_what_was_done_to_the_rules_can_be_read_later(db):
    published(rules())
    services.undo_routing(live=1, by=KIM, at=AT)

    facts = EventRecord.objects.filter(thread="routing").order_by("pk")
    assert [(fact.name, fact.actor, fact.payload["version"]) for fact in facts] == [
        ("routing.drafted", "user:kim", 1),
        ("routing.changed", "user:kim", 1),
        ("routing.published", "user:lee", 1),
        ("routing.published", "user:kim", 2),
    ]
    assert facts.last().payload["undoes"] is True
    assert timezone.is_aware(facts.last().happened_at)
