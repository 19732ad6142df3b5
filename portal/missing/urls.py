"""Addresses of what is missing, below those of the search."""

from django.urls import path

from portal.missing import views

urlpatterns = [
    path("search/open/", views.open_hit, name="search_open"),
    path("search/missing/", views.missing, name="missing"),
    path("search/missing/ask/", views.ask, name="missing_ask"),
    path("search/missing/<int:pk>/", views.note, name="missing_note"),
]
