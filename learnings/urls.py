"""/learnings/…; what all kinds share is included from governance."""

from django.urls import path

from governance.record_urls import record_patterns
from learnings import views
from learnings.models import KIND

app_name = "learnings"
RECORD = "<int:number>-<slug:slug>/"

urlpatterns = [
    path("", views.published, name="list"),
    path("new/", views.quick, name="new"),
    path("preview/", views.preview, name="preview"),
    path(RECORD, views.record, name="record"),
    path(f"{RECORD}presentation/", views.download_presentation, name="presentation"),
    path(f"{RECORD}edit/", views.edit, name="edit"),
    path(f"{RECORD}edit/<int:step>/", views.edit, name="edit_step"),
    path(f"{RECORD}edit/all/", views.edit_all, name="edit_all"),
    path(f"{RECORD}edit/conflict/", views.conflict, name="conflict"),
    path(f"{RECORD}edit/drop/", views.drop, name="drop"),
    path(f"{RECORD}edit/files/<int:place>/", views.draft_file, name="draft_file"),
    *record_patterns(KIND),
]
