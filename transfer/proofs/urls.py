"""/transfer/proofs/…; what all kinds share is included from governance."""

from django.urls import path

from governance.record_urls import RECORD, record_patterns
from governance.writing.urls import writing_patterns
from transfer.models.proofs import KIND
from transfer.proofs.views import reading, steps, taking, trial
from transfer.proofs.writing import PROOF_WRITING

app_name = "proofs"

urlpatterns = [
    path("", reading.proofs, name="list"),
    path("template.<slug:ending>", taking.empty, name="template"),
    path(RECORD, reading.record, name="record"),
    path(f"{RECORD}template.<slug:ending>", taking.filled, name="filled"),
    path(f"{RECORD}trial/", trial.trial, name="trial"),
    path(f"{RECORD}trial/announcement/", trial.announce, name="announcement"),
    path(f"{RECORD}trial/carry/", trial.carry, name="carry"),
    path(f"{RECORD}trial/<slug:verb>/", steps.step, name="step"),
    *writing_patterns(PROOF_WRITING),
    *record_patterns(KIND),
]
