"""What of a learning is told to an audience, and in which order: one selection for slides, handout, brief and page."""

from governance.text.blocks import Block
from learnings.story.data import Chapter, Picture, Source, Story
from learnings.story.telling import tell

__all__ = ["Block", "Chapter", "Picture", "Source", "Story", "tell"]
