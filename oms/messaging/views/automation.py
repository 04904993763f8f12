"""What happens by itself: when this, then that, with the letters that go and who listens."""

from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from oms.messaging import selectors
from oms.messaging.letters import letter_kinds
from oms.messaging.views.letters import switches_of


@login_required
@permission_required("messaging.view_message", raise_exception=True)
@require_GET
def automation(request: HttpRequest) -> HttpResponse:
    """Show what follows upon what, in the order of the customer's journey."""
    decided = selectors.switches()
    letters: dict[str, list[object]] = {}
    for kind in letter_kinds().values():
        for fact in kind.when:
            letters.setdefault(fact, []).append((kind, switches_of(kind, decided)))
    listening = selectors.listening()
    chapters = [
        (
            chapter,
            [(step, letters.get(step.fact, []), listening(step.fact)) for step in steps],
        )
        for chapter, steps in selectors.automation(told=tuple(letters))
    ]
    return render(request, "messaging/automation.html", {"chapters": chapters})
