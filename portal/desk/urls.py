"""/desk/…: the committee's desk."""

from django.urls import path

from portal.desk import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("decisions/", views.decisions, name="desk_decisions"),
    path("decisions.csv", views.decisions_csv, name="desk_decisions_csv"),
    path("not-adopted/", views.not_adopted, name="desk_not_adopted"),
]
