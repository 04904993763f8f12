"""The scanner's pages: put away, move, hold or scrap, a scan at a time.

What was scanned so far travels with the form, so that each answer is a page of its own.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from inventory import services
from inventory.forms.moving import HOLDS
from inventory.models import Bin, Location, Quant
from inventory.selectors import lying
from inventory.states import HELD, StockState
from inventory.views.shelves import location_or_404
from oms.catalog.rules.gs1 import lot_in, names
from oms.catalog.selectors import lot_on
from oms.core.actors import Actor
from oms.core.errors import Conflict, Refusal
from oms.core.said import whole_number
from oms.core.shell import shell_of

LONGEST_CODE = 100
MOST_CHOICES = 20
MOST_DIGITS = 18
SCRAP, FREE = "scrap", "free"
TASKS = ("put-away", "move", "hold")


@dataclass(frozen=True)
class Verdict:
    """What the scan that was just made came to."""

    tone: str
    word: str
    detail: str

    @property
    def shape(self) -> str:
        return {"done": "s-check", "wait": "s-half"}.get(self.tone, "s-stop")


class Stop(Exception):
    """The scan is not what is asked for."""


@dataclass
class Hand:
    """What was scanned so far; `key` is what makes the act at its end happen once."""

    task: str
    place: Location
    bin: str = ""
    quant: Quant | None = None
    quantity: int = 0
    key: str = ""
    choices: list[Quant] = field(default_factory=list)

    @property
    def step(self) -> str:
        """What is asked for next."""
        if self.task != "put-away" and not self.bin:
            return "bin"
        if self.quant is None:
            return "which" if self.choices else "sku"
        if not self.quantity:
            return "quantity"
        return "outcome" if self.task == "hold" else "target"

    @property
    def target(self) -> str:
        """Where the units should go, if anything speaks for a bin."""
        if self.task != "put-away" or self.quant is None:
            return ""
        page = lying.put_away_page(self.place.pk, sku=self.quant.level.sku.code)
        found = [row for row in page if row.pk == self.quant.pk]
        return str(vars(found[0])["target"]) if found else ""

    @property
    def outcomes(self) -> list[tuple[str, Any]]:
        """What may become of the units in hand."""
        state = self.quant.state if self.quant else ""
        found: list[tuple[str, Any]] = [each for each in HOLDS if each[0] != state]
        free = [(FREE, _("Set free"))] if state in HELD else []
        return [*free, *found, (SCRAP, _("Scrap"))]

    def clear(self) -> None:
        """Begin anew."""
        self.bin, self.quant, self.quantity, self.choices = "", None, 0, []
        self.key = uuid.uuid4().hex


@login_required
@permission_required("inventory.move_stock", raise_exception=True)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What can be done on the floor."""
    place = location_or_404(request)
    context = {
        "place": place,
        "locations": shell_of(request).locations,
        "waiting": lying.put_away_count(place.pk),
    }
    return render(request, "inventory/scan_home.html", context)


@login_required
@permission_required("inventory.move_stock", raise_exception=True)
@require_http_methods(["GET", "POST"])
def station(request: HttpRequest, task: str) -> HttpResponse:
    """Take one scan further; the last one does it."""
    if task not in TASKS:
        raise Http404(task)
    hand = _hand(request, task)
    verdict, status = None, 200
    if request.method == "POST":
        code = request.POST.get("code", "").strip()[:LONGEST_CODE]
        try:
            verdict = _take(request, hand, code)
        except Stop as stop:
            verdict, status = Verdict("stop", _("Stop"), str(stop)), 422
        except Refusal as refusal:
            verdict = Verdict("stop", _("Not done"), str(refusal))
            status = 409 if isinstance(refusal, Conflict) else 422
    context: dict[str, Any] = {"hand": hand, "verdict": verdict, "place": hand.place}
    if hand.step == "sku" and task == "put-away":
        context["rows"] = lying.put_away_page(hand.place.pk)
    page = "_scan" if request.headers.get("HX-Request") == "true" else "scan"
    return render(request, f"inventory/{page}.html", context, status=status)


def _hand(request: HttpRequest, task: str) -> Hand:
    """What travels with the form, believed only as far as it lies at a place of the user."""
    said = request.POST if request.method == "POST" else request.GET
    hand = Hand(task, location_or_404(request), bin=said.get("bin", "")[:32])
    hand.key = said.get("key", "")[:64] or uuid.uuid4().hex
    quant = said.get("quant", "")
    if quant.isascii() and quant.isdigit() and len(quant) <= MOST_DIGITS:
        hand.quant = (
            Quant.objects.filter(pk=int(quant), level__location=hand.place)
            .exclude(state=StockState.PICKED)
            .select_related("level__sku")
            .first()
        )
    if hand.quant:
        most = hand.quant.quantity
        hand.quantity = min(whole_number(said.get("quantity", "")) or 0, most)
    return hand


def _take(request: HttpRequest, hand: Hand, code: str) -> Verdict | None:
    match hand.step:
        case "bin":
            return _scan_bin(hand, code)
        case "sku":
            return _scan_sku(hand, code)
        case "quantity":
            return _count(hand, code)
        case "target":
            return _move(request, hand, code)
        case "outcome":
            return _settle(request, hand)
    return None


def _scan_bin(hand: Hand, code: str) -> Verdict | None:
    if not code:
        return None
    hand.bin = ""
    if not (found := _bin(hand, code)):
        raise Stop(_("There is no bin {code} here.").format(code=code))
    if not lying.in_bin(hand.place.pk, found).exclude(state=StockState.PICKED).exists():
        raise Stop(_("Nothing lies in {code}.").format(code=found))
    hand.bin = found
    return Verdict("done", found, _("Now scan what you take out of it."))


def _bin(hand: Hand, code: str) -> str:
    """The bin as its label says it, however it was typed."""
    rows = Bin.objects.filter(location=hand.place)
    found = rows.filter(code=code).first() or rows.filter(code=code.upper()).first()
    return found.code if found else ""


def _scan_sku(hand: Hand, code: str) -> Verdict | None:
    if not code:
        return None
    if hand.task == "put-away":
        rows = lying.to_put_away(hand.place.pk)
    else:
        rows = lying.in_bin(hand.place.pk, hand.bin).exclude(state=StockState.PICKED)
    found = [row for row in rows if _is_said(row, code)][:MOST_CHOICES]
    if not found:
        where = hand.bin or _("what is to be put away")
        raise Stop(_("{code} is not in {where}.").format(code=code, where=where))
    if len(found) > 1:
        hand.choices = found
        return Verdict("wait", found[0].level.sku.code, _("Several lie here. Say which."))
    hand.quant = found[0]
    return Verdict("done", found[0].level.sku.code, found[0].level.sku.name)


def _is_said(row: Quant, code: str) -> bool:
    """Whether a scan is of these units: of their SKU, and of their lot where a label names one."""
    said, sku = {each.casefold() for each in names(code)}, row.level.sku
    if said.isdisjoint((sku.code.casefold(), sku.barcode.casefold())):
        return row.lot.casefold() == lot_in(code).casefold()
    return lot_on(code, sku) in ("", row.lot)


def _count(hand: Hand, code: str) -> Verdict | None:
    if not code or hand.quant is None:
        return None
    units = whole_number(code)
    if not units or units > hand.quant.quantity:
        text = _("Type how many you hold, from 1 to {most}.")
        raise Stop(text.format(most=hand.quant.quantity))
    hand.quantity = units
    return Verdict("done", str(units), hand.quant.level.sku.name)


def _move(request: HttpRequest, hand: Hand, code: str) -> Verdict | None:
    if not code or hand.quant is None:
        return None
    target = _bin(hand, code) or code
    _do(request, services.move_units, hand, from_bin=hand.quant.bin, to_bin=target)
    text = ngettext("{n} of {sku} is in {bin}.", "{n} of {sku} are in {bin}.", hand.quantity)
    return _done(hand, text.format(n=hand.quantity, sku=hand.quant.level.sku.code, bin=target))


def _settle(request: HttpRequest, hand: Hand) -> Verdict | None:
    outcome, reason = request.POST.get("outcome", ""), request.POST.get("reason", "").strip()[:200]
    words = dict(hand.outcomes)
    if outcome not in words or hand.quant is None:
        return None
    if not reason:
        raise Stop(_("Say why."))
    at = {"bin": hand.quant.bin, "reason": reason}
    if outcome == SCRAP:
        _do(request, services.scrap_units, hand, **at)
    elif outcome == FREE:
        _do(request, services.free_units, hand, **at)
    else:
        was = hand.quant.state
        _do(request, services.hold_units, hand, **at, was=was, state=outcome)
    text = _("{n} of {sku}: {what}.")
    return _done(
        hand,
        text.format(n=hand.quantity, sku=hand.quant.level.sku.code, what=words[outcome]),
    )


def _do(request: HttpRequest, service: Any, hand: Hand, **said: Any) -> None:
    if hand.quant is None:
        return
    service(
        location=hand.place.code,
        sku=hand.quant.level.sku.code,
        quantity=hand.quantity,
        lot=hand.quant.lot,
        key=hand.key,
        by=Actor.of(request.user),
        at=timezone.now(),
        **{"state": hand.quant.state, **said},
    )


def _done(hand: Hand, text: str) -> Verdict:
    hand.clear()
    return Verdict("done", _("Done"), text)
