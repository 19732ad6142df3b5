"""/processmodels/…; what all kinds share is included from governance."""

from django.urls import path

from governance.record_urls import record_patterns
from processmodels import views
from processmodels.models import KIND

app_name = "processmodels"
RECORD = "<int:number>-<slug:slug>/"

urlpatterns = [
    path("", views.landscape, name="list"),
    path("table.csv", views.landscape_csv, name="csv"),
    path("how-to-draw/", views.how_to_draw, name="how_to_draw"),
    path(RECORD, views.record, name="record"),
    *record_patterns(KIND),
]
