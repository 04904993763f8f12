from django.urls import path

from b2b.views.portal import invoices, ordering, orders, overview, people, quotes, review

app_name = "buying"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("order/", ordering.order, name="order"),
    path("order/catalog/", ordering.catalog, name="order-catalog"),
    path("order/skus/", ordering.look_up, name="order-look-up"),
    path("order/<str:number>/", ordering.order, name="order-draft"),
    path("order/<str:number>/review/", review.review, name="order-review"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:number>/", orders.order, name="orders-one"),
    path("orders/<str:number>/again/", ordering.again, name="orders-again"),
    path("orders/<str:number>/approve/", orders.approve, name="orders-approve"),
    path("orders/<str:number>/turn-down/", orders.turn_down, name="orders-turn-down"),
    path("orders/<str:number>/cancel/", orders.cancel, name="orders-cancel"),
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/<str:number>/", invoices.invoice, name="invoices-one"),
    path("invoices/<str:number>/file.pdf", invoices.invoice_file, name="invoices-file"),
    path("quotes/", quotes.quotes, name="quotes"),
    path("quotes/ask/", quotes.new_request, name="quotes-ask"),
    path("quotes/requests/<str:number>/", quotes.quote_request, name="quotes-request"),
    path("quotes/requests/<str:number>/withdraw/", quotes.withdraw, name="quotes-withdraw"),
    path("quotes/<str:number>/", quotes.quote, name="quotes-one"),
    path("quotes/<str:number>/accept/", quotes.take, name="quotes-take"),
    path("quotes/<str:number>/otherwise/", quotes.ask_otherwise, name="quotes-otherwise"),
    path("quotes/<str:number>/decline/", quotes.decline, name="quotes-decline"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="people-invite"),
    path("people/<str:username>/", people.person, name="people-one"),
    path("people/<str:username>/remind/", people.remind, name="people-remind"),
]
