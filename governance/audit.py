"""The one place that writes the audit trail, and the words in which it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance import clock
from governance.models import AuditEvent, Record, User, Version

# Every verb that is recorded; a test reads the source and finds none that is missing here.
VERBS: dict[str, Promise | str] = {
    "create": _("hat den Eintrag angelegt"),
    "save": _("hat eine neue Version gespeichert"),
    "discard": _("hat die Änderungen verworfen"),
    "submit": _("hat den Text zur Freigabe vorgelegt"),
    "withdraw": _("hat die Vorlage zurückgezogen"),
    "request_changes": _("hat den Text zur Überarbeitung zurückgegeben"),
    "approve": _("hat den Text freigegeben"),
    "roll_back": _("ist zu einer älteren Version zurückgekehrt"),
    "confirm": _("hat bestätigt, dass der Eintrag weiterhin gilt"),
    "archive": _("hat den Eintrag archiviert"),
    "reopen": _("hat den Eintrag wieder geöffnet"),
    "claim": _("kümmert sich um die Vorlage"),
    "release": _("hat die Vorlage wieder abgegeben"),
    "answer": _("hat einen Kommentar beantwortet"),
    "resolve": _("hat einen Kommentar als erledigt gekennzeichnet"),
    "open_again": _("hat einen Kommentar wieder geöffnet"),
    "change_contact": _("hat die Ansprechperson geändert"),
    "change_owner": _("hat den Eintrag an ein anderes Team übergeben"),
    "change_reach": _("hat die Weitergabe geändert"),
    "change_check_up": _("hat die Wiedervorlage geändert"),
    "change_interval": _("hat geändert, wie oft der Eintrag bestätigt wird"),
    "check_link": _("hat einen Link nach außen geprüft"),
    "tell_apart": _("hat zwei ähnliche Einträge als verschieden gekennzeichnet"),
    "create_tag": _("hat ein Schlagwort angelegt"),
    "confirm_tag": _("hat ein Schlagwort bestätigt"),
    "rename_tag": _("hat ein Schlagwort umbenannt"),
    "merge_tag": _("hat Schlagwörter zusammengeführt"),
    "add_synonyms": _("hat Synonyme angelegt"),
    "change_synonyms": _("hat Synonyme geändert"),
    "remove_synonyms": _("hat Synonyme entfernt"),
    "split_tag": _("hat ein Schlagwort aufgeteilt"),
    "ask_missing": _("hat gefragt, was im Portal fehlt"),
    "want_learning": _("hat eine vergebliche Suche vorgemerkt"),
    "answer_missing": _("hat auf eine Frage oder Notiz zur Suche geantwortet"),
    "add_member": _("hat ein Mitglied aufgenommen"),
    "change_role": _("hat eine Rolle geändert"),
    "end_membership": _("hat eine Mitgliedschaft beendet"),
    "set_absence": _("hat eine Abwesenheit eingetragen"),
    "change_team": _("hat die Angaben eines Teams geändert"),
    "hand_over": _("hat alles, was ein Team hatte, an ein anderes übergeben"),
    "hand_over_format": _("hat ein Austauschformat an ein anderes Team übergeben"),
    "hand_over_package": _("hat ein Paket an ein anderes Team übergeben"),
    "dissolve": _("hat ein Team aufgelöst"),
    "leave": _("hat den Zugang einer Person beendet"),
    "rename_department": _("hat einen Bereich umbenannt"),
    "move_department": _("hat einen Bereich im Baum verschoben"),
    "merge_department": _("hat einen Bereich in einen anderen überführt"),
    "join_by_directory": _("hat ein Konto aus dem Verzeichnis bekommen"),
    "link_directory": _("hat ein Konto mit dem Verzeichnis verbunden"),
    "follow_directory": _("hat Angaben zu einer Person aus dem Verzeichnis übernommen"),
    "left_directory": _("hat den Zugang beendet, weil das Verzeichnis die Person nicht mehr führt"),
    "back_in_directory": _("hat den Zugang wieder geöffnet, weil das Verzeichnis die Person wieder führt"),
    "end_sessions": _("hat Sitzungen an allen Geräten beendet"),
    "set_up_second_factor": _("hat einen zweiten Faktor eingerichtet"),
    "use_recovery_code": _("hat sich mit einem Ersatzcode angemeldet"),
    "renew_recovery_codes": _("hat neue Ersatzcodes erzeugt"),
    "reset_second_factor": _("hat einen zweiten Faktor zurückgesetzt"),
    "erase_person": _("hat eine Person anonymisiert"),
    "found_format": _("hat ein Austauschformat eingetragen"),
    "change_format": _("hat ein Austauschformat geändert"),
    "end_format": _("hat ein Austauschformat beendet"),
    "set_date": _("hat einen Termin eingetragen"),
    "change_date": _("hat einen Termin geändert"),
    "cancel_date": _("hat einen Termin abgesagt"),
    "put_on_agenda": _("hat einen Punkt auf eine Tagesordnung gesetzt"),
    "change_agenda": _("hat eine Tagesordnung geändert"),
    "take_off_agenda": _("hat einen Punkt von einer Tagesordnung genommen"),
    "note_outcome": _("hat festgehalten, was aus einem Tagesordnungspunkt wurde"),
    "add_follow_up": _("hat eine Folgeaufgabe eingetragen"),
    "tick_follow_up": _("hat eine Folgeaufgabe abgehakt oder wieder geöffnet"),
    "reflect": _("hat Punkte einer Reflexionsrunde festgehalten"),
    "begin_issue": _("hat eine Newsletter-Ausgabe begonnen"),
    "change_issue": _("hat eine Newsletter-Ausgabe geändert"),
    "drop_issue": _("hat eine begonnene Newsletter-Ausgabe verworfen"),
    "release_issue": _("hat eine Newsletter-Ausgabe freigegeben"),
    "write_from_note": _("hat aus einer Notiz einen Entwurf gemacht"),
    "show_interest": _("hat Interesse an einer Nachnutzung eingetragen"),
    "carry_on_adoption": _("hat den Stand einer Nachnutzung geändert"),
    "change_adoption": _("hat die Angaben einer Nachnutzung geändert"),
    "check_fit": _("hat einen Passungscheck festgehalten"),
    "hand_over_adoption": _("hat eine Nachnutzung an einen anderen Bereich übergeben"),
    "write_from_adoption": _("hat aus einer Nachnutzung einen Entwurf gemacht"),
    "ask_team": _("Rückfrage an ein Team, ohne Namen"),
    "give_hint": _("Hinweis an ein Team, ohne Namen"),
    "answer_question": _("hat eine Rückfrage oder einen Hinweis beantwortet"),
    "publish_question": _("hat eine Rückfrage mit Antwort veröffentlicht oder deren Wortlaut geändert"),
    "take_back_question": _("hat eine veröffentlichte Rückfrage zurückgenommen"),
    "delete_question": _("hat eine Rückfrage oder einen Hinweis gelöscht"),
    "write_from_hint": _("hat aus einem Hinweis einen Entwurf gemacht"),
    "pass_on_hint": _("hat einen Hinweis an einen Bereich weitergegeben"),
    "add_factor": _("hat einen Faktor der Übertragbarkeit angelegt"),
    "change_factor": _("hat einen Faktor der Übertragbarkeit geändert"),
    "remove_factor": _("hat einen Faktor der Übertragbarkeit entfernt"),
    "assess": _("hat die Übertragbarkeit eingeschätzt"),
    "start_trial": _("hat eine Erprobung gestartet"),
    "change_measure": _("hat das Erfolgsmaß einer Erprobung geändert"),
    "extend_trial": _("hat das Ende einer Erprobung verschoben"),
    "note_trial": _("hat eine Notiz zu einer Erprobung geschrieben"),
    "finish_trial": _("hat das Ergebnis einer Erprobung festgehalten"),
    "decide_trial": _("hat über eine Erprobung entschieden"),
    "announce_trial": _("hat eine Erprobung angekündigt"),
    "take_back_announcement": _("hat die Ankündigung einer Erprobung zurückgenommen"),
    "carry_over": _("hat aus einer Erprobung einen Entwurf gemacht"),
    "ask_for_package": _("hat ein Paket für andere Kommunen erstellen lassen"),
    "bring_in_package": _("hat ein Paket einer anderen Kommune hochgeladen"),
    "import_package": _("hat Einträge aus einem Paket übernommen"),
    "add_source": _("hat eine externe Quelle eingetragen"),
    "change_source": _("hat eine externe Quelle geändert"),
    "remove_source": _("hat eine externe Quelle entfernt"),
    "admin_add": _("hat in der Verwaltung etwas angelegt"),
    "admin_change": _("hat in der Verwaltung etwas geändert"),
    "add_template": _("hat eine Folienvorlage hochgeladen"),
    "use_template": _("hat eine Folienvorlage in Gebrauch genommen"),
    "withdraw_template": _("hat eine Folienvorlage aus dem Gebrauch genommen"),
    "propose_redaction": _("hat eine Schwärzung vorgeschlagen"),
    "create_meeting": _("hat eine Sitzung angelegt"),
    "change_meeting": _("hat die Angaben einer Sitzung geändert"),
    "put_on_meeting": _("hat den Text auf die Liste einer Sitzung gesetzt"),
    "take_off_meeting": _("hat den Text von der Liste einer Sitzung genommen"),
    "note_in_meeting": _("hat festgehalten, was in einer Sitzung zum Text besprochen wurde und wer nicht mitwirkte"),
    "close_minutes": _("hat das Protokoll einer Sitzung abgeschlossen"),
    "open_minutes": _("hat das Protokoll einer Sitzung wieder geöffnet"),
    "put_forward": _("hat den Text zur Mitzeichnung vorgelegt"),
    "give_back": _("hat den zur Mitzeichnung vorgelegten Text zurückgegeben"),
    "switch_countersigning": _("hat die Mitzeichnung in einem Bereich ein- oder ausgeschaltet"),
    "refuse_redaction": _("hat eine Schwärzung abgelehnt"),
    "redact": _("hat Textstellen oder eine Datei geschwärzt"),
}


def sentence(event: AuditEvent) -> str:
    """What happened, to follow the person's name; an unknown verb shows as it is."""
    return str(VERBS.get(event.verb, event.verb))


def record_event(
    verb: str,
    *,
    actor: User | None,
    record: Record | None = None,
    version: Version | None = None,
    **data: Any,
) -> AuditEvent:
    """Append one event; `data` holds keys, numbers, states and hashes only."""
    return AuditEvent.objects.create(at=clock.now(), actor=actor, verb=verb, record=record, version=version, data=data)


def record_events(verb: str, *, actor: User | None, records: Iterable[Record], **data: Any) -> None:
    """Append one event for each record, all in a few statements."""
    now = clock.now()
    AuditEvent.objects.bulk_create(
        (AuditEvent(at=now, actor=actor, verb=verb, record=record, data=data) for record in records), batch_size=1000
    )
