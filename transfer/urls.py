"""/transfer/…: how knowledge is passed on."""

from django.urls import path

from transfer.adoption import overview as adoptions
from transfer.adoption import views as adoption
from transfer.afterwards import views as afterwards
from transfer.agenda import views as agenda
from transfer.asking import views as asking
from transfer.cards import views as cards
from transfer.formats import views as formats
from transfer.newsletter.views import composing
from transfer.newsletter.views import reading as newsletter
from transfer.occurrences import views as occurrences
from transfer.packages.views import exporting, importing, reaching
from transfer.proofs.views import board
from transfer.reflection import views as reflection
from transfer.sources import views as sources
from transfer.texts import views as texts
from transfer.transferability import views as transferability

app_name = "transfer"

urlpatterns = [
    path("", formats.formats, name="formats"),
    path("measures/", board.measures, name="measures"),
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
    path("packages/", exporting.packages, name="packages"),
    path("packages/new/", exporting.new, name="package_new"),
    path("packages/reach/", reaching.reach, name="package_reach"),
    path("packages/import/", importing.upload, name="package_upload"),
    path("packages/imports/<int:pk>/", importing.package, name="package_import"),
    path("packages/<int:pk>/", exporting.package, name="package"),
    path("packages/<int:pk>/package.zip", exporting.package_file, name="package_file"),
    path("sources/", sources.sources, name="sources"),
    path("sources/new/", sources.add, name="source_new"),
    path("sources/<int:pk>/", sources.source, name="source"),
    path("sources/<int:pk>/edit/", sources.change, name="source_edit"),
    path("sources/<int:pk>/find/", sources.find, name="source_find"),
    path("records/<str:short_number>/", agenda.record, name="record"),
    path("records/<str:short_number>/texts/", texts.texts, name="texts"),
    path("adoptions/", adoptions.adoptions, name="adoptions"),
    path("adoptions/list.csv", adoptions.adoptions_csv, name="adoptions_csv"),
    path("adoptions/<int:pk>/", adoption.adoption, name="adoption"),
    path("adoptions/<int:pk>/edit/", adoption.edit, name="adoption_edit"),
    path("adoptions/<int:pk>/fit/", adoption.fit, name="adoption_fit"),
    path("transferability/", transferability.factor_list, name="factors"),
    path("transferability/new/", transferability.factor, name="factor_new"),
    path("transferability/<slug:key>/", transferability.factor, name="factor"),
    path("records/<str:short_number>/adopt/", adoption.adopt, name="adopt"),
    path("records/<str:short_number>/assessment/", transferability.assessment, name="assessment"),
    path("records/<str:short_number>/assessment/edit/", transferability.assess, name="assess"),
    path("questions/", asking.questions, name="questions"),
    path("questions/<int:pk>/", asking.question, name="question"),
    path("questions/<int:pk>/answer/", asking.answer_question, name="question_answer"),
    path("questions/<int:pk>/publish/", asking.publish, name="question_publish"),
    path("questions/<int:pk>/delete/", asking.delete_question, name="question_delete"),
    path("hints/new/", asking.give_hint, name="hint_new"),
    path("hints/<int:pk>/", asking.hint, name="hint"),
    path("hints/<int:pk>/answer/", asking.answer_hint, name="hint_answer"),
    path("hints/<int:pk>/pass-on/", asking.pass_on, name="hint_pass_on"),
    path("hints/<int:pk>/delete/", asking.delete_hint, name="hint_delete"),
    path("records/<str:short_number>/ask/", asking.ask, name="ask"),
    path("records/<str:short_number>/helped/", asking.helped, name="helped"),
    path("records/<str:short_number>/card/", cards.card, name="card"),
    path("records/<str:short_number>/card.pdf", cards.card_file, name="card_file"),
]
