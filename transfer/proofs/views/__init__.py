"""Pages of proofs of concept and the board of measures; those of writing are governance.writing's."""
