"""/dashboard/…: figures for everybody, and the lists behind them."""

from django.urls import path

from portal.dashboard import views

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("figures.csv", views.figures_csv, name="dashboard_csv"),
    path("<slug:figure>/", views.figure_list, name="dashboard_list"),
]
