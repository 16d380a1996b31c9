"""Imported where processes are forked from: each of them finds the shipped tables parsed."""

from solely.facts.lexicon import parse_lexicon
from solely.facts.name_phrases import phrases_of
from solely.store.inputs import ZIP_TABLE, read_inputs, tables_of, zip_table

_FILES = read_inputs(None)
tables_of(_FILES | {ZIP_TABLE: zip_table()})
phrases_of(parse_lexicon(_FILES).names)
