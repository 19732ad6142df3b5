"""What the parts of the search tell each other. Sent inside the transaction."""

from django.dispatch import Signal

# The texts of these attachments were stored, or are gone. `sha256s`: their hashes.
attachment_text_ready = Signal()
