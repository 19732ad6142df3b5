"""/governance/…: departments, teams, reviews, vocabulary, audit trail."""

from django.urls import path

from governance.countersigning import views as countersigning
from governance.handover import views as handover
from governance.meetings import views as meetings
from governance.views import deciding, keeping, people, reviews

app_name = "governance"
urlpatterns = [
    path("departments/", people.departments, name="departments"),
    path("departments/<slug:slug>/", people.department, name="department"),
    path("departments/<slug:slug>/countersigning/", countersigning.switch, name="countersigning"),
    path("teams/<slug:slug>/", people.team, name="team"),
    path("teams/<slug:slug>/edit/", people.team_edit, name="team_edit"),
    path("teams/<slug:slug>/members/<int:pk>/", people.membership, name="membership"),
    path("teams/<slug:slug>/absence/", handover.absence, name="absence"),
    path("handover/", handover.overview, name="handover"),
    path("handover/teams/<slug:slug>/", handover.team, name="handover_team"),
    path("handover/departments/<slug:slug>/", handover.department, name="handover_department"),
    path("reviews/", reviews.queue, name="reviews"),
    path("reviews/print/", reviews.printed, name="reviews_print"),
    path("reviews/meetings/", reviews.meeting, name="meetings"),
    path("reviews/<int:pk>/", deciding.review, name="review"),
    path("reviews/<int:pk>/decide/", deciding.decide, name="decide"),
    path("reviews/<int:pk>/claim/", deciding.claim, name="claim"),
    path("meetings/", meetings.meeting_list, name="meeting_list"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/edit/", meetings.edit, name="meeting_edit"),
    path("meetings/<int:pk>/agenda/", meetings.agenda, name="meeting_agenda"),
    path("meetings/<int:pk>/approve/", meetings.approve, name="meeting_approve"),
    path("meetings/<int:pk>/items/<int:item>/", meetings.item, name="meeting_item"),
    path("meetings/<int:pk>/minutes.docx", meetings.minutes, name="minutes"),
    path("meetings/<int:pk>/close/", meetings.close, name="minutes_close"),
    path("tags/", keeping.tags_page, name="tags"),
    path("tags/<int:pk>/", keeping.tag, name="tag"),
    path("audit/", keeping.audit_trail, name="audit"),
    path("redactions/", keeping.redactions, name="redactions"),
    path("redactions/new/<int:pk>/", keeping.redaction_new, name="redaction_new"),
    path("redactions/<int:pk>/", keeping.redaction_decision, name="redaction"),
]
