"""/transfer/…: how knowledge is passed on."""

from django.urls import path

from transfer.formats import views

app_name = "transfer"

urlpatterns = [
    path("", views.formats, name="formats"),
    path("formats/<slug:slug>/", views.exchange_format, name="format"),
]
