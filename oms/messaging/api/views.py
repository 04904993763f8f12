"""Webhook endpoints and the feed. A channel's key sees what is its own; a person's key sees all,
when the person may."""

import json
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from oms.channels.api.authentication import caller, channel_of
from oms.channels.api.idempotency import KEY, answer_once
from oms.core.api.fields import read
from oms.core.api.pagination import NewestFirst
from oms.messaging import selectors, services
from oms.messaging.api.serializers import (
    EndpointChangeIn,
    EndpointIn,
    EndpointOut,
    EventOut,
    EventReplayedOut,
    FeedIn,
    FeedOut,
    NewEndpointOut,
    NewSecretOut,
    PingOut,
    ReplayedOut,
    ReplayEventIn,
    ReplayIn,
)
from oms.messaging.errors import EndpointNotFound
from oms.messaging.models import PublishedEvent, WebhookEndpoint
from oms.messaging.selectors import Health
from oms.messaging.selectors.feed import MOST

VIEW, CHANGE = "messaging.view_webhookendpoint", "messaging.change_webhookendpoint"
_new, _change, _replay, _replay_event = (
    EndpointIn(),
    EndpointChangeIn(),
    ReplayIn(),
    ReplayEventIn(),
)


ONE_PAGE = forced_singular_serializer(FeedOut)  # type: ignore[no-untyped-call]


class WebhookEndpointViewSet(GenericViewSet[WebhookEndpoint]):
    """Where events are sent to, signed as Standard Webhooks says."""

    scope = "webhooks"
    queryset = WebhookEndpoint.objects.none()
    serializer_class = EndpointOut
    pagination_class = NewestFirst
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = "we_[0-9a-f]+"
    filter_backends = ()

    @extend_schema(operation_id="webhook_endpoints_list")
    def list(self, request: Request) -> Response:
        """Endpoints, the newest first, with how they fare."""
        channel = channel_of(caller(request), permission=VIEW)
        rows = selectors.endpoint_list()
        if channel is not None:
            rows = rows.filter(channel=channel)
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response([_shown(each) for each in selectors.health_of(page)])

    @extend_schema(request=EndpointIn, responses={201: NewEndpointOut}, parameters=[KEY])
    def create(self, request: Request) -> HttpResponse:
        """Add an endpoint. Its secret is in this answer, and in no other but its repeats."""
        said = read(_new, request.data)
        principal = caller(request)
        channel_of(principal, permission=CHANGE)

        def work() -> tuple[int, dict[str, Any]]:
            made = services.add_endpoint(
                url=said["url"],
                types=said["events"],
                channel=principal.channel.slug if principal.channel else "",
                description=said["description"],
                by=principal.actor,
                at=timezone.now(),
            )
            return 201, _shown(Health(made.endpoint, 0, 0, None))

        answer = answer_once(request, work)
        return _with_secret(answer) if answer.status_code in (200, 201) else answer

    def retrieve(self, request: Request, id: str) -> Response:
        endpoint = self._endpoint(request, id, VIEW)
        return Response(_shown(selectors.health_of([endpoint])[0]))

    @extend_schema(request=EndpointChangeIn, responses=EndpointOut)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change the address or the events, or switch it off and on."""
        self._endpoint(request, id, CHANGE)
        said = read(_change, request.data)
        services.change_and_switch(
            endpoint=id,
            url=said.get("url"),
            types=said.get("events"),
            description=said.get("description"),
            state=said.get("status"),
            by=caller(request).actor,
            at=timezone.now(),
        )
        return self.retrieve(request, id)

    @extend_schema(responses={204: OpenApiResponse(description="It is gone.")})
    def destroy(self, request: Request, id: str) -> Response:
        self._endpoint(request, id, CHANGE)
        services.remove_endpoint(endpoint=id, by=caller(request).actor, at=timezone.now())
        return Response(status=204)

    @extend_schema(request=None, responses=NewSecretOut)
    @action(detail=True, methods=["post"], url_path="rotate-secret")
    def rotate_secret(self, request: Request, id: str) -> Response:
        """Get a new secret; for a day messages are signed with the old one, too."""
        self._endpoint(request, id, CHANGE)
        now = timezone.now()
        made = services.rotate_secret(endpoint=id, by=caller(request).actor, at=now)
        return Response(
            {
                "id": id,
                "secret": made.secret,
                "previous_valid_until": (now + services.OVERLAP).isoformat(),
            },
            headers={"Cache-Control": "no-store"},
        )

    @extend_schema(request=None, responses={202: PingOut})
    @action(detail=True, methods=["post"])
    def ping(self, request: Request, id: str) -> Response:
        """Have a message sent that says nothing, to try it."""
        self._endpoint(request, id, CHANGE)
        made = services.ping(endpoint=id, by=caller(request).actor, at=timezone.now())
        return Response({"id": f"ping_{made.pk}"}, status=202)

    @extend_schema(request=ReplayIn, responses={202: ReplayedOut})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, id: str) -> Response:
        """Have all events from `since` on sent again, also those it never got; 10,000 a call."""
        self._endpoint(request, id, CHANGE)
        said = read(_replay, request.data)
        done = services.replay_since(
            endpoint=id, since=said["since"], by=caller(request).actor, at=timezone.now()
        )
        return Response({"replayed": done.count, "next": done.next}, status=202)

    def _endpoint(self, request: Request, public_id: str, permission: str) -> WebhookEndpoint:
        channel = channel_of(caller(request), permission=permission)
        rows = selectors.endpoint_list().filter(public_id=public_id)
        if channel is not None:
            rows = rows.filter(channel=channel)
        endpoint = rows.first()
        if endpoint is None:
            raise EndpointNotFound(endpoint=public_id[:32])
        return endpoint


class EventViewSet(GenericViewSet[PublishedEvent]):
    """Everything that happens, numbered without gaps, oldest first."""

    scope = "webhooks"
    queryset = PublishedEvent.objects.none()
    serializer_class = EventOut
    lookup_value_regex = "evt_[0-9]+"
    lookup_field = "sequence"
    lookup_url_kwarg = "id"
    filter_backends = ()
    pagination_class = None

    @extend_schema(operation_id="events_list", parameters=[FeedIn], responses=ONE_PAGE)
    def list(self, request: Request) -> Response:
        """The events after the one you read last; none is ever added before it."""
        channel = channel_of(caller(request), permission=VIEW)
        asked = FeedIn(data=_flat(request))
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        limit = min(said["limit"], MOST)
        found = selectors.events_after(
            said["after"], channel=channel, types=said["type"], limit=limit + 1
        )
        page = found[:limit]
        following = None
        if len(found) > limit:
            query = request.GET.copy()
            query["after"] = str(page[-1].sequence)
            following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
        results = [selectors.represent(each) for each in page]
        return Response({"next": following, "previous": None, "results": results})

    def retrieve(self, request: Request, id: str) -> Response:
        channel = channel_of(caller(request), permission=VIEW)
        return Response(selectors.represent(selectors.event_named(id, channel=channel)))

    @extend_schema(request=ReplayEventIn, responses={202: EventReplayedOut})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, id: str) -> Response:
        """Have one event sent again, under the name it had before."""
        principal = caller(request)
        channel = channel_of(principal, permission=CHANGE)
        said = read(_replay_event, request.data)
        again = services.replay_event(
            event=id,
            channel=channel,
            endpoint=said["endpoint"],
            by=principal.actor,
            at=timezone.now(),
        )
        return Response({"id": id, "endpoints": [each.public_id for each in again]}, status=202)


def _flat(request: Request) -> dict[str, Any]:
    """The query as a value: `type` may stand several times, the rest once."""
    given = request.query_params
    said: dict[str, Any] = {key: given[key] for key in ("after", "limit") if key in given}
    if "type" in given:
        said["type"] = given.getlist("type")
    return said


def _shown(health: Health) -> dict[str, Any]:
    row = health.endpoint
    times = {
        name: at.isoformat() if at else None
        for name, at in (
            ("paused_until", row.paused_until),
            ("last_success_at", row.last_success_at),
            ("last_failure_at", row.last_failure_at),
        )
    }
    return {
        "id": row.public_id,
        "url": row.url,
        "events": row.types,
        "description": row.description,
        "channel": row.channel.slug if row.channel else None,
        "status": row.state,
        "status_reason": row.state_reason,
        "waiting": health.waiting,
        "failed": health.failed,
        "failures_in_a_row": row.failures,
        **times,
        "last_failure": row.last_failure,
        "created_at": row.created_at.isoformat(),
    }


def _with_secret(answer: HttpResponse) -> HttpResponse:
    """Put the secret into an answer that was kept without it; repeats get it while it holds."""
    body = json.loads(answer.content)
    secret = selectors.shown_secret(body["id"])
    answer.content = json.dumps({**body, "secret": secret} if secret else body).encode()
    answer["Cache-Control"] = "no-store"
    return answer
