from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from b2b.letters import kinds
from b2b.letters.addressing import portal_page
from b2b.models import Buyer
from oms.messaging.letters import Letter, write


def buyer_invited(*, user: str) -> Letter | None:
    """Ask somebody who may buy now to choose a password; the link opens for three days."""
    found = Buyer.objects.select_related("company", "user")
    buyer = found.filter(user__username=user, is_active=True, company__is_active=True).first()
    if buyer is None or buyer.user.has_usable_password() or not buyer.user.email:
        return None
    person = buyer.user
    secret = [
        urlsafe_base64_encode(force_bytes(person.pk)),
        default_token_generator.make_token(person),
    ]
    return write(
        kinds.BUYER_INVITED,
        {
            "company": buyer.company.name,
            "number": buyer.company.code,
            "name": person.get_full_name() or person.username,
            "user": person.username,
            "url": f"{settings.OMS_BASE_URL}{reverse('password_reset_confirm', args=secret)}",
            "portal_url": portal_page(),
        },
        recipients=(person.email,),
        thread=buyer.company.code,
        language=buyer.company.language,
    )
