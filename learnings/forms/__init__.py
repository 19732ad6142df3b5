"""Forms of learnings: the text, its repeated rows, the small forms around it, and the sheet that joins them."""

from learnings.forms.notes import MINE, THEIRS, ChoiceForm, NoteForm, QuickForm, UploadForm
from learnings.forms.rows import ROWS, FigureForm, LinkForm
from learnings.forms.sheet import Part, Problem, Sheet
from learnings.forms.steps import STEPS, Fold, Step, all_names
from learnings.forms.text import LearningForm, initial_of

__all__ = [
    "MINE",
    "ROWS",
    "STEPS",
    "THEIRS",
    "ChoiceForm",
    "FigureForm",
    "Fold",
    "LearningForm",
    "LinkForm",
    "NoteForm",
    "Part",
    "Problem",
    "QuickForm",
    "Sheet",
    "Step",
    "UploadForm",
    "all_names",
    "initial_of",
]
