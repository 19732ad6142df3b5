"""German words for search: taken from a text, reduced to their base form, compounds taken apart.

Pure Python, the same when a text is indexed and when somebody asks. `VERSION` goes up with each change that
makes stored terms or their places differ, so that an index written by an older analysis is seen and rebuilt.
"""

VERSION = 3
