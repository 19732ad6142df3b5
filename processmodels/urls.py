"""/processmodels/…; what all kinds share is included from governance."""

from django.urls import path

from governance.record_urls import RECORD, record_patterns
from governance.writing.urls import writing_patterns
from processmodels import views
from processmodels.models import KIND
from processmodels.writing import PROCESS_WRITING

app_name = "processmodels"

urlpatterns = [
    path("", views.landscape, name="list"),
    path("table.csv", views.landscape_csv, name="csv"),
    path("how-to-draw/", views.how_to_draw, name="how_to_draw"),
    path("import/", views.import_list, name="import"),
    path(RECORD, views.record, name="record"),
    path(f"{RECORD}changes/", views.changes, name="changes"),
    path(f"{RECORD}poster.pdf", views.poster, name="poster"),
    path(f"{RECORD}edit/draw/<str:name>/", views.draw, name="draw"),
    path(f"{RECORD}edit/draw/<str:name>/source/", views.draw_source, name="draw_source"),
    *writing_patterns(PROCESS_WRITING),
    *record_patterns(KIND),
]
