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
    path("briefs/", views.choose_briefs, name="briefs"),
    path("briefs/briefs.docx", views.download_briefs, name="briefs_file"),
    path("templates/", views.template_list, name="templates"),
    path("templates/empty.pptx", views.template_empty, name="template_empty"),
    path("templates/<int:pk>/", views.template_use, name="template"),
    path("new/word/", views.from_word, name="from_word_new"),
    path(RECORD, views.record, name="record"),
    path(f"{RECORD}edit/word/", views.word_taken, name="from_word"),
    path(f"{RECORD}audience/", views.audience_view, name="audience"),
    path(f"{RECORD}presentation/", views.download_presentation, name="presentation"),
    path(f"{RECORD}handout.pdf", views.download_handout, name="handout"),
    path(f"{RECORD}brief.docx", views.download_brief, name="brief"),
    *writing_patterns(LEARNING_WRITING),
    *record_patterns(KIND),
]
