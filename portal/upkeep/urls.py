"""/upkeep/…: what published records need."""

from django.urls import path

from portal.upkeep import views

urlpatterns = [
    path("", views.overview, name="upkeep"),
    path("links/<str:key>/", views.link, name="upkeep_link"),
    path("pairs/<int:pk>/", views.pair, name="upkeep_pair"),
    # A dot, which no list has in its name.
    path("<slug:name>.csv", views.as_csv, name="upkeep_csv"),
    path("<slug:name>/", views.one_list, name="upkeep_list"),
]
