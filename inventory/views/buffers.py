"""What channels are not told of."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from inventory import services
from inventory.forms import ChannelBufferForm
from inventory.models import ChannelBuffer
from oms.core.actors import Actor
from oms.core.errors import Refusal
from oms.core.keyset import page_of


@login_required
@permission_required("inventory.view_channelbuffer", raise_exception=True)
@require_GET
def buffer_list(request: HttpRequest) -> HttpResponse:
    """Show what is kept from which channel, a page at a time."""
    page = page_of(
        ChannelBuffer.objects.select_related("channel", "sku"),
        cursor=request.GET.get("cursor", ""),
        keys=("channel__name", "id"),
        descending=False,
    )
    return render(request, "inventory/buffers.html", {"page": page})


@login_required
@permission_required("inventory.change_channelbuffer", raise_exception=True)
@require_http_methods(["GET", "POST"])
def set_buffer(request: HttpRequest) -> HttpResponse:
    """Say how much of a SKU, or of every SKU, a channel is not told of."""
    initial = {name: request.GET[name][:64] for name in ("channel", "sku") if name in request.GET}
    form = ChannelBufferForm(request.POST or None, initial=initial)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            services.set_channel_buffer(
                by=Actor.of(request.user), at=timezone.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error("sku", str(refusal))
            status = 409
        else:
            messages.success(request, _("The buffer is kept."))
            return redirect("inventory:buffers")
    return render(request, "inventory/buffer.html", {"form": form}, status=status)


@login_required
@permission_required("inventory.change_channelbuffer", raise_exception=True)
@require_POST
def drop_buffer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a figure away; one that is gone stays so."""
    found = ChannelBuffer.objects.select_related("channel", "sku").filter(pk=pk).first()
    if found is not None:
        services.set_channel_buffer(
            channel=found.channel.slug,
            sku=found.sku.code if found.sku else "",
            units=None,
            by=Actor.of(request.user),
            at=timezone.now(),
        )
        messages.success(request, _("The buffer is taken away."))
    return redirect("inventory:buffers")
