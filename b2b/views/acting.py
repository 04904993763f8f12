"""One verb, one page: what it does, a word where one is needed, and its button."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from oms.core.actors import Actor
from oms.core.errors import Refusal

BOTH: Final = ["GET", "POST"]
"""An act is asked for at the same address at which it is done."""


@dataclass(frozen=True)
class Act:
    """How an act reads: `button` names its effect, `effects` are (icon, what, how).

    `done` says what came of it, or makes that of what the service returned.
    """

    title: str
    button: str
    back: str
    done: str | Callable[[Any], str]
    effects: Sequence[tuple[str, str, str]] = field(default_factory=tuple)
    is_danger: bool = False
    template: str = "b2b/act.html"


def act_on(number: str, *, back: str, **words: Any) -> Act:
    """Return the act on a document, which its words name as `{n}`."""
    named: dict[str, Any] = {
        key: word.format(n=number) if isinstance(word, str) else word for key, word in words.items()
    }
    return Act(back=back, **named)


def perform(
    request: HttpRequest,
    act: Act,
    form: Form,
    service: Callable[..., Any],
    *,
    to: Callable[[Any], str] | None = None,
    **arguments: Any,
) -> HttpResponse:
    """Ask, then do it with one call; a refusal is shown on the form. A page, or a dialog's part."""
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            result = service(
                **arguments, **form.cleaned_data, by=Actor.of(request.user), at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, act.done if isinstance(act.done, str) else act.done(result))
            return redirect(to(result) if to else act.back)
    alone = request.headers.get("HX-Request") == "true"
    page = "b2b/_act.html" if alone else act.template
    return render(request, page, {"act": act, "form": form, "action": request.path}, status=status)
