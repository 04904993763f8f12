"""A form of lines that a scanner counts up: goods that come in, whoever sends them."""

from typing import TypeVar

from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

F = TypeVar("F", bound=Form)


def count_one(
    request: HttpRequest, form: F, code: str, *, expected: str, unknown: str
) -> tuple[F, dict[str, str]]:
    """Count one more of what was scanned; return the form anew, and what to say of it.

    The form knows its `lines`, and by `codes` the line of a barcode or SKU. `expected` names what
    of a line is still to come, `unknown` says that no line here has the code.
    """
    line = form.codes.get(code.casefold())  # type: ignore[attr-defined]  # both forms have it
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
        now = (form.cleaned_data.get(f"units-{line.pk}") or 0) + 1
        data[f"units-{line.pk}"] = str(now)
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
