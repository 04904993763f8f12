"""What inventory does when something happens: it writes to suppliers, and tells who buys."""

from typing import Any

from django.urls import reverse

from inventory import selectors, services
from inventory.errors import KeptAsStock
from inventory.events import (
    ReplenishmentCancelled,
    ReplenishmentCommitted,
    ReplenishmentReminded,
    ReplenishmentSent,
    TransferRequested,
    TransferShipped,
)
from inventory.selectors import forget_serving_locations
from oms.alerts.events import AlertOpened
from oms.catalog.events import KitChanged, SkuReleaseMoved
from oms.core.events import Event
from oms.messaging import services as messaging
from oms.messaging.states import NoticeLevel


def know_release_dates(event: SkuReleaseMoved) -> None:
    """This process routes by the new day at once, others within five seconds."""
    forget_serving_locations()


def write_order_to_supplier(event: ReplenishmentSent) -> None:
    """The supplier gets the order as a PDF, and the link to commit to it."""
    _post("replenishment_order", event)


def write_shortfall_to_supplier(event: ReplenishmentReminded) -> None:
    """The supplier reads what is missing and how much of it is waited for, with the link."""
    _post("replenishment_shortfall", event)


def tell_supplier_of_cancellation(event: ReplenishmentCancelled) -> None:
    """A supplier that was asked reads that nothing is to be sent."""
    if event.was_sent:
        _post("replenishment_cancelled", event)


def tell_team_of_commitment(event: ReplenishmentCommitted) -> None:
    """Who buys reads in the inbox what the supplier said, first of all what does not come."""
    declined = [each["sku"] for each in event.answers if each["is_declined"]]
    subject = f"{event.supplier} answered {event.subject}"
    if declined:
        subject = f"{event.supplier} cannot send all of {event.subject}: {', '.join(declined)}"
    messaging.notify(
        key=f"replenishment_committed:{event.subject}:{event.at:%Y%m%d%H%M%S.%f}",
        subject=subject,
        text="\n".join(_said(each) for each in event.answers),
        url=reverse("inventory:replenishment", args=[event.subject]),
        thread=event.subject,
        permission="inventory.plan_replenishmentorder",
        location=event.location,
        level=NoticeLevel.ATTENTION if declined else NoticeLevel.INFO,
        by=event.by,
        at=event.at,
    )


def tell_source_of_transfer(event: TransferRequested) -> None:
    """Who ships at the source reads in the inbox what another location waits for."""
    units = sum(event.units.values())
    messaging.notify(
        key=f"transfer_requested:{event.subject}",
        subject=f"{event.subject}: send {units} units to {event.target}",
        text=_units(event.units),
        url=reverse("inventory:transfer", args=[event.subject]),
        thread=event.subject,
        permission="inventory.ship_transfer",
        location=event.source,
        by=event.by,
        at=event.at,
    )


def tell_target_of_transfer(event: TransferShipped) -> None:
    """Who receives at the target reads in the inbox what is on its way, and until when."""
    units = sum(event.units.values())
    day = f", expected {event.expected_on}" if event.expected_on else ""
    messaging.notify(
        key=f"transfer_shipped:{event.subject}:{event.at:%Y%m%d%H%M%S.%f}",
        subject=f"{event.subject}: {units} units are on their way from {event.source}{day}",
        text=_units(event.units),
        url=reverse("inventory:transfer", args=[event.subject]),
        thread=event.subject,
        permission="inventory.receive_transfer",
        location=event.target,
        by=event.by,
        at=event.at,
    )


def report_shortage(event: AlertOpened) -> None:
    """Low or used up stock that an alert was opened for becomes a fact of its own."""
    seen = event.evidence
    if event.kind == "low_stock":
        services.report_low_stock(
            sku=event.about,
            location=event.location,
            available=seen["available"],
            coming=seen["coming"],
            reorder_point=seen["reorder_point"],
            cover_days=seen["cover_days"] or "",
            by=event.by,
            at=event.at,
        )
    elif event.kind == "stock_out":
        services.report_stock_out(
            sku=event.about,
            units=seen["units"],
            orders=seen["orders"],
            since=seen["since"],
            by=event.by,
            at=event.at,
        )


def _units(units: dict[str, int]) -> str:
    return "\n".join(f"{count} × {sku}" for sku, count in units.items())  # noqa: RUF001 (times, as people write it)


def _said(answer: dict[str, Any]) -> str:
    parts = [f"{part['quantity']} by {part['expected_on']}" for part in answer["parts"]]
    parts += ["the rest does not come"] if answer["is_declined"] else []
    parts += [answer["note"]] if answer["note"] else []
    return f"{answer['sku']}: {'; '.join(parts) or 'no day given'}"


def _post(letter: str, event: Event) -> None:
    messaging.post(
        letter=f"inventory.letters.{letter}",
        key=f"{letter}:{event.subject}:{event.at:%Y%m%d%H%M%S.%f}",
        arguments={"number": event.subject},
    )


def refuse_kit_of_kept_stock(event: KitChanged) -> None:
    """A SKU that lies somewhere, has lain there, or is bought cannot become a kit.

    Raises: KeptAsStock.
    """
    if event.becomes_kit and selectors.is_kept_as_stock(event.sku_id):
        raise KeptAsStock(sku=event.subject)
