"""Customers, for staff."""

from django.urls import path

from orders.views import people

app_name = "people"
urlpatterns = [
    path("customers/", people.person_list, name="list"),
    path("customers/matches/", people.matches, name="matches"),
    path("customers/matches/merge/", people.merge, name="merge"),
    path("customers/matches/dismiss/", people.dismiss, name="dismiss"),
    path("customers/merges/<str:merge>/undo/", people.undo, name="undo"),
    path("customers/<str:number>/", people.person, name="person"),
]
