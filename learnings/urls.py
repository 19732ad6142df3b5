"""/learnings/…; what all kinds share is included from governance."""

from django.urls import path

from governance.record_urls import RECORD, record_patterns
from governance.writing.urls import writing_patterns
from learnings import views
from learnings.models import KIND
from learnings.writing import LEARNING_WRITING

app_name = "learnings"

urlpatterns = [
    path("", views.published, name="list"),
    path("measure/", views.measure, name="measure"),
    path("templates/", views.template_list, name="templates"),
    path("templates/empty.pptx", views.template_empty, name="template_empty"),
    path("templates/<int:pk>/", views.template_use, name="template"),
    path(RECORD, views.record, name="record"),
    path(f"{RECORD}presentation/", views.download_presentation, name="presentation"),
    *writing_patterns(LEARNING_WRITING),
    *record_patterns(KIND),
]
