"""Shapes of webhook endpoints and of the feed."""

from rest_framework import serializers

from oms.core.api.fields import StrictSerializer, TextField
from oms.messaging.states import SWITCHES

LARGEST_SEQUENCE = 2**62


class EndpointIn(StrictSerializer):
    url = TextField(max_length=2000)
    events = serializers.ListField(
        child=TextField(max_length=64),
        required=False,
        default=list,
        max_length=100,
        help_text="Which events it hears of; all when left out or empty.",
    )
    description = TextField(max_length=200, required=False, default="", allow_blank=True)


class EndpointChangeIn(StrictSerializer):
    url = TextField(max_length=2000, required=False)
    events = serializers.ListField(child=TextField(max_length=64), required=False, max_length=100)
    description = TextField(max_length=200, required=False, allow_blank=True)
    status = serializers.ChoiceField(choices=SWITCHES, required=False)


class ReplayIn(StrictSerializer):
    since = serializers.IntegerField(
        min_value=1, max_value=LARGEST_SEQUENCE, help_text="The sequence to begin with."
    )


class ReplayEventIn(StrictSerializer):
    endpoint = TextField(
        max_length=32,
        required=False,
        default="",
        help_text="One endpoint; every endpoint that wants the event when left out.",
    )


class FeedIn(serializers.Serializer):  # type: ignore[type-arg]
    after = serializers.IntegerField(
        min_value=0, max_value=LARGEST_SEQUENCE, default=0, help_text="The last sequence you read."
    )
    type = serializers.ListField(
        child=serializers.CharField(max_length=64),
        default=list,
        max_length=100,
        help_text="May be given several times.",
    )
    limit = serializers.IntegerField(min_value=1, default=100, help_text="500 at most.")


class EndpointOut(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.CharField()
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())
    description = serializers.CharField()
    channel = serializers.CharField(allow_null=True, help_text="Null: events of all channels.")
    status = serializers.ChoiceField(choices=SWITCHES)
    status_reason = serializers.CharField()
    waiting = serializers.IntegerField(help_text="Deliveries that wait, counted up to 1,000.")
    failed = serializers.IntegerField(help_text="Deliveries given up, counted up to 1,000.")
    failures_in_a_row = serializers.IntegerField()
    paused_until = serializers.DateTimeField(allow_null=True)
    last_success_at = serializers.DateTimeField(allow_null=True)
    last_failure_at = serializers.DateTimeField(allow_null=True)
    last_failure = serializers.CharField()
    created_at = serializers.DateTimeField()


class NewEndpointOut(EndpointOut):
    secret = serializers.CharField(help_text="`whsec_…`, shown this once.")


class NewSecretOut(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.CharField()
    secret = serializers.CharField(help_text="`whsec_…`, shown this once.")
    previous_valid_until = serializers.DateTimeField()


class ReplayedOut(serializers.Serializer):  # type: ignore[type-arg]
    replayed = serializers.IntegerField()
    next = serializers.IntegerField(
        allow_null=True, help_text="Where to go on, when these were not all."
    )


class PingOut(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.CharField(help_text="The `webhook-id` it will have.")


class EventReplayedOut(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.CharField()
    endpoints = serializers.ListField(child=serializers.CharField())


class EventOut(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.CharField()
    sequence = serializers.IntegerField()
    thread_sequence = serializers.IntegerField(help_text="Its place in the story of its thread.")
    type = serializers.CharField()
    subject = serializers.CharField()
    thread = serializers.CharField()
    at = serializers.DateTimeField()
    data = serializers.DictField()  # type: ignore[assignment]


class FeedOut(serializers.Serializer):  # type: ignore[type-arg]
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = EventOut(many=True)
