"""/transfer/…: how knowledge is passed on."""

from django.urls import path

from transfer.afterwards import views as afterwards
from transfer.agenda import views as agenda
from transfer.cards import views as cards
from transfer.formats import views as formats
from transfer.newsletter.views import composing
from transfer.newsletter.views import reading as newsletter
from transfer.occurrences import views as occurrences
from transfer.reflection import views as reflection
from transfer.texts import views as texts

app_name = "transfer"

urlpatterns = [
    path("", formats.formats, name="formats"),
    path("overview/", formats.overview, name="overview"),
    path("new/", formats.found, name="format_new"),
    path("formats/<slug:slug>/", formats.exchange_format, name="format"),
    path("formats/<slug:slug>/edit/", formats.change, name="format_edit"),
    path("formats/<slug:slug>/new/", occurrences.set_date, name="occurrence_new"),
    path("occurrences/<int:pk>/", occurrences.occurrence, name="occurrence"),
    path("occurrences/<int:pk>/edit/", occurrences.change, name="occurrence_edit"),
    path("occurrences/<int:pk>/cancel/", occurrences.cancel, name="occurrence_cancel"),
    path("occurrences/<int:pk>/calendar.ics", occurrences.calendar_file, name="calendar"),
    path("occurrences/<int:pk>/agenda.docx", occurrences.document, name="agenda_document"),
    path("occurrences/<int:pk>/slides.pptx", occurrences.slides, name="slides"),
    path("occurrences/<int:pk>/new/", agenda.new_item, name="item_new"),
    path("occurrences/<int:pk>/reflection/", reflection.reflection, name="reflection"),
    path("formats/<slug:slug>/issues/new/", composing.begin, name="issue_new"),
    path("issues/<int:pk>/", newsletter.issue, name="issue"),
    path("issues/<int:pk>/edit/", composing.edit, name="issue_edit"),
    path("issues/<int:pk>/release/", newsletter.release, name="issue_release"),
    path("issues/<int:pk>/newsletter.<slug:ending>", newsletter.issue_file, name="issue_file"),
    path("pieces/<int:pk>/", composing.piece, name="piece"),
    path("items/<int:pk>/", agenda.item, name="item"),
    path("items/<int:pk>/outcome/", afterwards.outcome, name="outcome"),
    path("records/<str:short_number>/", agenda.record, name="record"),
    path("records/<str:short_number>/texts/", texts.texts, name="texts"),
    path("records/<str:short_number>/card/", cards.card, name="card"),
    path("records/<str:short_number>/card.pdf", cards.card_file, name="card_file"),
]
