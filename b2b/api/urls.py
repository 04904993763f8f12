from django.urls import path
from rest_framework.routers import SimpleRouter

from b2b.api.companies import CompanyViewSet
from b2b.api.invoicing import InvoiceViewSet
from b2b.api.purchasing import PurchaseOrderViewSet
from b2b.api.quoting import QuoteViewSet, RequestViewSet

router = SimpleRouter()
router.register("b2b/companies", CompanyViewSet, basename="api-b2b-company")
router.register("b2b/quote-requests", RequestViewSet, basename="api-b2b-quote-request")
router.register("b2b/quotes", QuoteViewSet, basename="api-b2b-quote")
router.register("b2b/purchase-orders", PurchaseOrderViewSet, basename="api-b2b-purchase-order")
router.register("b2b/invoices", InvoiceViewSet, basename="api-b2b-invoice")
urlpatterns = [
    path(
        "b2b/invoices/<str:number>/invoice.pdf",
        InvoiceViewSet.as_view({"get": "document"}),
        name="api-b2b-invoice-document",
    ),
    *router.urls,
]
