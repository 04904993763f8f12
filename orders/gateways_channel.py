"""Refunds through the channel that took the money: it gives back by its own payment gateway."""

from oms.channels.connection import Connection
from oms.channels.selectors import connection_of
from oms.core.jobs import GiveUp
from orders.adapters import writing
from orders.adapters.writers import writer_of
from orders.gateways import (
    ChargeDeclined,
    GatewayCharge,
    GatewayRefund,
    MoneyBack,
    MoneyIn,
    Outcome,
    RefundDeclined,
)
from orders.selectors.channels import channel_of_refund

OUTCOMES = {True: Outcome.SUCCEEDED, False: Outcome.FAILED, None: Outcome.PENDING}


class ThroughTheChannel:
    """The number of our refund goes with it, and is what it is looked up by for ever."""

    def find(self, wanted: MoneyBack) -> GatewayRefund | None:
        connection, writer, asked = _speaker(wanted)
        found = writer.find_refund(connection, asked)
        return None if found is None else _read(found)

    def refund(self, wanted: MoneyBack) -> GatewayRefund:
        connection, writer, asked = _speaker(wanted)
        try:
            return _read(writer.give_back(connection, asked))
        except writing.Declined as declined:
            raise RefundDeclined(str(declined)) from declined

    def find_charge(self, wanted: MoneyIn) -> GatewayCharge | None:
        return None

    def charge(self, wanted: MoneyIn) -> GatewayCharge:
        raise ChargeDeclined("A channel takes money from its own customers alone.")


def _speaker(wanted: MoneyBack) -> tuple[Connection, writing.Writer, writing.MoneyBack]:
    told = channel_of_refund(number=wanted.number)
    if told is None:
        raise RefundDeclined("Its channel never told us of this order: it cannot give back there.")
    connection = connection_of(told.channel)
    writer = writer_of(connection.adapter) if connection else None
    if connection is None or writer is None:
        raise GiveUp("This channel is not called now: its connection is off.")
    asked = writing.MoneyBack(
        order=told.order,
        number=wanted.number,
        amount=wanted.amount,
        currency=wanted.currency,
        reason=told.reason,
    )
    return connection, writer, asked


def _read(found: writing.GivenBack) -> GatewayRefund:
    return GatewayRefund(
        reference=found.id,
        amount=found.amount,
        currency=found.currency,
        outcome=OUTCOMES[found.is_moved],
    )
