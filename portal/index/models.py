"""Tables of the search index. All of it is derived from the catalogue and never the only copy of anything.

A term is a base form of a word, or a facet's value ("tag:12": words hold no colon). The records that contain it stand
in blocks of 256 records, each posting packed into two bytes: which record of the block, and how much the term weighs
there. Ten thousand records of 300 words take a fifth of what a row per posting takes, and a term in half of all
records is still read in a few hundred rows.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

BLOCK_SIZE = 256


class SearchIndex(models.Model):
    """One complete index; searches use the one that is live while another is built."""

    class State(models.TextChoices):
        BUILDING = "building"
        LIVE = "live"
        OLD = "old"

    analysis = models.PositiveIntegerField()
    # Words of an average record, which lengths are measured against; and words of the catalogue that the
    # dictionary lacks, for taking compounds apart. Both are fixed while an index lives.
    average_length = models.FloatField()
    own_words = ArrayField(models.CharField(max_length=80), default=list)
    state = models.CharField(max_length=10, choices=State, default=State.BUILDING)
    # Building goes through the records in order of their keys: all up to this one are done.
    built_up_to = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_live_index", fields=["state"], condition=Q(state="live")),
            models.UniqueConstraint(name="one_index_being_built", fields=["state"], condition=Q(state="building")),
        ]


class SearchTerm(models.Model):
    id = models.AutoField(primary_key=True)
    text = models.CharField(max_length=100, unique=True)
    # The shortest way it is written, mostly its base form, for "Meinten Sie"; and the same without capitals and
    # umlauts, which what was typed is compared with.
    surface = models.CharField(max_length=100)
    spelling = models.CharField(max_length=120)

    class Meta:
        indexes = [GinIndex(OpClass(F("spelling"), name="gin_trgm_ops"), name="term_trigram")]


class SearchBlock(models.Model):
    """The postings of one term in 256 neighbouring records."""

    pk = models.CompositePrimaryKey("index", "term", "block")
    index = models.ForeignKey(SearchIndex, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    term = models.ForeignKey(SearchTerm, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    block = models.IntegerField()
    postings = ArrayField(models.SmallIntegerField())


class Bits(models.Field):
    """A bit for each record of a block, the first of them on the left; '0' and '1' as text."""

    def db_type(self, connection: object) -> str:
        return f"bit({BLOCK_SIZE})"


class SearchFacet(models.Model):
    """Which of 256 neighbouring records have a value of a filter: so values are counted for thousands of records."""

    pk = models.CompositePrimaryKey("index", "block", "term")
    index = models.ForeignKey(SearchIndex, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    block = models.IntegerField()
    term = models.ForeignKey(SearchTerm, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    records = Bits()


class SearchEntry(models.Model):
    """What of a record is filtered, counted and sorted: a narrow row."""

    pk = models.CompositePrimaryKey("index", "record")
    index = models.ForeignKey(SearchIndex, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    record = models.ForeignKey(
        "governance.CatalogueEntry", on_delete=models.CASCADE, db_index=False, related_name="indexed"
    )
    version_id = models.BigIntegerField()
    facets = ArrayField(models.IntegerField())
    published_at = models.DateTimeField()
    check_up_on = models.DateField(null=True)
    title_key = models.CharField(max_length=200)
    # How many departments use it.
    uses = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [
            models.Index(name="indexed_newest", fields=["index", "-published_at", "-record"]),
            GinIndex(name="indexed_facets", fields=["facets"]),
            models.Index(name="indexed_record", fields=["record"]),
        ]


class SearchWords(models.Model):
    """The words of a record with their places, for phrases, and for taking the record out again."""

    pk = models.CompositePrimaryKey("index", "record")
    index = models.ForeignKey(SearchIndex, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    record = models.ForeignKey("governance.CatalogueEntry", on_delete=models.CASCADE, db_index=True, related_name="+")
    words = SearchVectorField()
