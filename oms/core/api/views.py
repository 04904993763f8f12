"""Pages to read and try the API."""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularSwaggerSplitView


@method_decorator(
    csp_update({"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, "data:"]}), name="dispatch"
)
class TryIt(SpectacularSwaggerSplitView):
    """Swagger UI from our own static files; it writes styles of its own into the page."""

    url_name = "schema"
