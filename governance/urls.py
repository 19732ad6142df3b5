"""/governance/…: departments, teams, reviews, vocabulary, audit trail."""

from django.urls import path

from governance.views import deciding, keeping, people, reviews

app_name = "governance"
urlpatterns = [
    path("departments/", people.departments, name="departments"),
    path("departments/<slug:slug>/", people.department, name="department"),
    path("teams/<slug:slug>/", people.team, name="team"),
    path("teams/<slug:slug>/edit/", people.team_edit, name="team_edit"),
    path("teams/<slug:slug>/members/<int:pk>/", people.membership, name="membership"),
    path("reviews/", reviews.queue, name="reviews"),
    path("reviews/print/", reviews.printed, name="reviews_print"),
    path("reviews/meetings/", reviews.meeting, name="meetings"),
    path("reviews/<int:pk>/", deciding.review, name="review"),
    path("reviews/<int:pk>/decide/", deciding.decide, name="decide"),
    path("reviews/<int:pk>/claim/", deciding.claim, name="claim"),
    path("tags/", keeping.tags_page, name="tags"),
    path("tags/<int:pk>/", keeping.tag, name="tag"),
    path("audit/", keeping.audit_trail, name="audit"),
    path("redactions/", keeping.redactions, name="redactions"),
    path("redactions/new/<int:pk>/", keeping.redaction_new, name="redaction_new"),
    path("redactions/<int:pk>/", keeping.redaction_decision, name="redaction"),
]
