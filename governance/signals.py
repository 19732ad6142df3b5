"""What other apps may listen to, to keep what they derive. All are sent inside the transaction of the step.

A receiver that fails takes the step back with it: what is derived and what it comes from never differ.
"""

from django.dispatch import Signal

# Rows of the catalogue were written: on publishing, on any change of what they show, in bulk, by `rebuild`.
# `entries`: the rows, `keys`: the records.
entries_written = Signal()

# Rows of the catalogue are about to be taken out. `keys`: the records.
entries_leaving = Signal()

# Rows of the catalogue are gone. `keys`: the records.
entries_removed = Signal()

# A team gives all that is its own to another one: `team`, `to` and `standing` of who does so; the records are locked
# and still the old team's. And a team is about to be dissolved: `team`.
team_hands_over = Signal()
team_dissolving = Signal()

# Passages are blanked in all texts of a record; copies of its words go too. `record`, `blank`: governance.blanking.
words_redacted = Signal()

# The bytes of a file are blanked for ever; no copy of what stood in it may stay. `sha256`: of the bytes as they were.
attachment_redacted = Signal()

# A department becomes part of another one: `department`, `into` and `standing`. Other apps move what points at it.
department_merging = Signal()

# Records have another contact. `keys`: the records, `contact`: the person.
contact_changed = Signal()

# A person's access ends, `user`: whatever lets that person read without signing in ends, too.
person_leaving = Signal()
