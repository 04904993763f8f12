"""What every screen begins with: the work that this person may see, and who they are."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from fulfillment import selectors
from fulfillment.models import FulfillmentOrder
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.htmx import is_part
from oms.core.models import User


def user_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def actor_of(request: HttpRequest) -> Actor:
    return Actor.of(user_of(request))


def work_or_404(request: HttpRequest, number: str) -> FulfillmentOrder:
    """Return the work, when it is at a location of this person; else it does not exist."""
    found = selectors.work_of_user(user_of(request)).filter(number=number).first()
    if found is None:
        raise Http404(number)
    return found


def show_form(
    request: HttpRequest, page: str, form: Form, context: dict[str, Any], status: int = 0
) -> HttpResponse:
    """The page with its form; for a dialog that page's part alone."""
    template = f"fulfillment/_{page}.html" if is_part(request) else f"fulfillment/{page}.html"
    answer = status or (422 if form.errors else 200)
    return render(request, template, {"form": form, **context}, status=answer)


def attempt(
    request: HttpRequest, command: Callable[[], object], done: str, *to: Any
) -> HttpResponse:
    """Carry out `command`, say `done` or why not, and go to the page named by `to`."""
    try:
        command()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(*to)


def ask(
    request: HttpRequest,
    page: str,
    form: Form,
    command: Callable[[], object],
    done: str,
    context: dict[str, Any],
    *to: Any,
) -> HttpResponse:
    """Show a form; when it is filled in, carry out `command`. A refusal is shown on the form."""
    status = 0
    if form.is_valid():
        try:
            command()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            messages.success(request, done)
            return redirect(*to)
    return show_form(request, page, form, context, status)
