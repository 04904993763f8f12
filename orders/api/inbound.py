"""The door for what channels send in their own words."""

from typing import IO, Any

from django.conf import settings
from django.http.request import UnreadablePostError
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from oms.channels.states import InboundState, Scope
from oms.core.api.parsing import TooLarge
from orders.services.receiving import receive


class AsItCame(BaseParser):
    """The bytes of a body, whatever they are: signatures are over them."""

    media_type = "*/*"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        try:
            raw = stream.read(limit + 1)
        except UnreadablePostError as error:
            raise ParseError("The body did not come whole.") from error
        if len(raw) > limit:
            raise TooLarge
        return raw


class InboundOut(serializers.Serializer[Any]):
    """Where a message is kept, and how far it is; orders follow within seconds."""

    number = serializers.CharField()
    state = serializers.ChoiceField(choices=InboundState.choices)


class InboundView(APIView):
    """Proven by the channel's signature over the bytes; `scope` is for a key sent instead."""

    scope = Scope.ORDERS
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    parser_classes = (AsItCame,)

    @extend_schema(
        operation_id="inbound_create",
        request={
            "application/json": OpenApiTypes.OBJECT,
            "application/xml": OpenApiTypes.STR,
        },
        responses=InboundOut,
    )
    def post(self, request: Request, channel: str) -> Response:
        """Keep a webhook or payload of a channel as it is, and answer; its orders follow.

        Signed as the channel signs: native channels as Standard Webhooks says. One of the
        channel's own keys with the scope `orders` proves it as well where no signature is sent.
        The same message again changes nothing; its id with another body is a conflict.
        """
        data: Any = request.data
        kept = receive(
            channel=channel,
            body=data if isinstance(data, bytes) else b"",
            headers={name.lower(): value for name, value in request.headers.items()},
            at=timezone.now(),
        )
        return Response({"number": kept.number, "state": kept.state})

    def handle_exception(self, error: Exception) -> Response:
        """Say how to prove a message where that is what it lacks."""
        response = super().handle_exception(error)
        if response.status_code == 401:
            response["WWW-Authenticate"] = "Bearer"
        return response
