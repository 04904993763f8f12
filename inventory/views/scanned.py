"""A form of lines that a scanner counts up: goods that come in, whoever sends them."""

import re
from typing import TypeVar

from django.forms import Form
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from oms.catalog.models import Sku
from oms.catalog.rules.gs1 import Label, names, read
from oms.catalog.selectors import lot_on

F = TypeVar("F", bound=Form)


def count_one(
    request: HttpRequest, form: F, code: str, *, expected: str, unknown: str
) -> tuple[F, dict[str, str]]:
    """Count one more of what was scanned, or what the label of a case says; return the form anew,
    and what to say of it. A label that names a lot or serial number, and until when it keeps, fills
    that in where nothing stands there yet.

    The form knows its `lines`, and by `codes` the line of a barcode or SKU. `expected` names what
    of a line is still to come, `unknown` says that no line here has the code.
    """
    codes = form.codes  # type: ignore[attr-defined]  # both forms have it
    line = next((codes[each.casefold()] for each in names(code) if each.casefold() in codes), None)
    data = request.POST.copy()
    data["code"] = ""
    if line is None:
        verdict = {
            "tone": "stop",
            "shape": "s-stop",
            "word": unknown,
            "text": _("{code} belongs to no line here. Put it aside.").format(code=code),
        }
    else:
        label = read(code) or Label()
        now = (form.cleaned_data.get(f"units-{line.pk}") or 0) + label.units
        data[f"units-{line.pk}"] = str(now)
        _fill(data, f"lot-{line.pk}", lot_on(code, line.sku), line.sku)
        if expires_on := label.expires_on(timezone.localdate()):
            _fill(data, f"expires_on-{line.pk}", expires_on.isoformat(), line.sku)
        most = getattr(line, expected)
        word = _("{now} of {most}").format(now=now, most=most)
        verdict = {
            "tone": "wait" if now > most else "done",
            "shape": "s-warn" if now > most else "s-check",
            "word": _("More than expected: {word}").format(word=word) if now > most else word,
            "text": line.sku.name,
        }
    again = type(form)(data, lines=form.lines)  # type: ignore[call-arg,attr-defined]  # as above
    again.is_valid()
    return again, verdict


def _fill(data: QueryDict, name: str, said: str, sku: Sku) -> None:
    """Write what a label says where the form asks for it: serial numbers after one another."""
    if name not in data or not said:
        return
    if before := str(data[name]).strip():
        is_another = sku.tracking == Sku.Tracking.SERIAL and said not in re.split(r",\s*", before)
        said = f"{before}, {said}" if is_another and name.startswith("lot-") else before
    data[name] = said
