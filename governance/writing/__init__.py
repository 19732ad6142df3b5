"""Writing a text, whatever its kind: work in progress, guided steps, conflicts, the lock while in review.

A kind says with `writing.Writing` which forms and steps it has; see learnings.forms for the plainest example.
"""
