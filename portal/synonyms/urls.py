"""Addresses of the committee's pages of synonyms."""

from django.urls import path

from portal.synonyms import views

urlpatterns = [
    path("", views.synonyms, name="synonyms"),
    path("new/", views.new, name="synonym_new"),
    path("<int:pk>/", views.group, name="synonym"),
    path("table.csv", views.export, name="synonyms_csv"),
    path("import/", views.take_over, name="synonyms_import"),
]
