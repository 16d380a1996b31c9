"""The versioned word lists by which a request is read on its face, parsed once from their files.

- Lists are data (R-25, R-84): a custodian's file replaces the shipped one of the same name whole.
- A list that is missing, misspelled or not folded stops the gate before it judges anything (R-02).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from solely.errors import UsageError
from solely.facts.reason_lexicon import MARKS, ReasonLexicon, parse_phrases
from solely.facts.statute import Citation, parse_citation
from solely.folding import fold

COMMON_WORDS = "common_words.toml"
_NAME_LISTS = (
    "anywhere", "given", "together", "whole", "linking", "telling", "roles", "beside", "opening",
    "unnamed", "empty", "borne", "borne_given", "short", "joining", "firms", "articles", "kin", "plural",
    "houses", "invented",
)  # fmt: skip
_PHRASE_LISTS = (
    "civil_removal", "beyond", "doubtful", "location", "act", "errand", "hence", "told", "unaimed",
    "criminal", "described", "ordered", "matter", "proof", "bearing", "scene", "course",
)  # fmt: skip
_WORD_LISTS = (
    "opening", "joining", "verbs", "objects", "leading", "wanting", "own", "deeds", "joints", "negations",
    "only", "contrasts", "parting", "urging", "empty", "idle",
)  # fmt: skip


@dataclass(frozen=True)
class NameLexicon:
    """Words that stand in for a name; `suffixes` leads each spelling to its usual form.

    `telling` words say that none is known ("PROVIDED"); `linking` words hold such a phrase together ("NOT").
    `roles` tell what somebody is or a paper, and `beside` words stand beside one ("OFFICER", "CASE").
    A field of several words that begins with an `opening` one is a sentence. `borne` words are names as well,
    of `borne_given` given ones; two `short` ones may be, and the namesake of an `invented` person. Nobody is
    known to be called by `common` English words. `joining`, `firms`, `kin` with `articles`, and `plural` tell
    of several; `houses` behind another English word tell of none.
    """

    anywhere: frozenset[str]
    given: frozenset[str]
    together: frozenset[str]
    whole: frozenset[str]
    linking: frozenset[str]
    telling: frozenset[str]
    roles: frozenset[str]
    beside: frozenset[str]
    opening: frozenset[str]
    unnamed: frozenset[str]
    empty: frozenset[str]
    borne: frozenset[str]
    borne_given: frozenset[str]
    short: frozenset[str]
    joining: frozenset[str]
    firms: frozenset[str]
    articles: frozenset[str]
    kin: frozenset[str]
    plural: frozenset[str]
    houses: frozenset[str]
    invented: frozenset[str]
    common: frozenset[str]
    suffixes: Mapping[str, str]

    @cached_property
    def strong_words(self) -> frozenset[str]:
        """Single words that are a placeholder in any field."""
        return frozenset(each for each in self.anywhere if " " not in each)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every word list of the request stage, with the versions that the explanation names."""

    names: NameLexicon
    non_criminal: tuple[Citation, ...]
    crimes: tuple[Citation, ...]
    reasons: ReasonLexicon
    versions: Mapping[str, str]


def parse_lexicon(files: Mapping[str, bytes]) -> Lexicon:
    """The lexicon in `names.toml`, `statutes.toml` and `reasons.toml`; UsageError names a file at fault."""
    names, statutes, reasons = (
        _toml(files, name) for name in ("names.toml", "statutes.toml", "reasons.toml")
    )
    return Lexicon(
        names=_name_lexicon(names, frozenset(str(_toml(files, COMMON_WORDS).get("words")).split())),
        non_criminal=_citations(statutes, "non_criminal"),
        crimes=_citations(statutes, "crimes"),
        reasons=_reason_lexicon(reasons),
        versions={
            "names.toml": _version(names, "names.toml"),
            "reasons.toml": _version(reasons, "reasons.toml"),
            "statutes.toml": _version(statutes, "statutes.toml"),
        },
    )


def _toml(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    if name not in files:
        raise UsageError(f"the input `{name}` is missing")
    try:
        return tomllib.loads(files[name].decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError(f"the input `{name}` is no valid TOML") from None


def _version(words: Mapping[str, Any], file: str) -> str:
    version = words.get("version")
    if not isinstance(version, str) or not version:
        raise UsageError(f"the input `{file}` states no `version`")
    return version


def _words(words: Mapping[str, Any], key: str, file: str) -> list[str]:
    values = words.get(key)
    if not isinstance(values, list) or not all(isinstance(each, str) and each for each in values):
        raise UsageError(f"the input `{file}`: `{key}` is a list of texts")
    return values


def _folded(words: Mapping[str, Any], key: str, file: str) -> frozenset[str]:
    values = _words(words, key, file)
    if any(fold(each) != each for each in values):
        raise UsageError(f"the input `{file}`: `{key}` holds a text that is not folded")
    return frozenset(values)


def _name_lexicon(words: Mapping[str, Any], common: frozenset[str]) -> NameLexicon:
    lists = {key: _folded(words, key, "names.toml") for key in _NAME_LISTS}
    stated = words.get("suffixes")
    if not isinstance(stated, dict):
        raise UsageError("the input `names.toml`: `suffixes` is a table")
    usual = {each: suffix for suffix in stated for each in _words(stated, suffix, "names.toml")}
    return NameLexicon(**lists, common=common, suffixes=usual)


def _citations(words: Mapping[str, Any], key: str) -> tuple[Citation, ...]:
    citations = [parse_citation(each) for each in _words(words, key, "statutes.toml")]
    if None in citations:
        raise UsageError(f"the input `statutes.toml`: `{key}` holds a text that is no citation")
    return tuple(each for each in citations if each is not None)


def _reason_lexicon(words: Mapping[str, Any]) -> ReasonLexicon:
    marked = {key: _words(words, key, "reasons.toml") for key in MARKS.values()}
    lists: dict[str, Any] = {
        key: tuple(
            phrase for each in _words(words, key, "reasons.toml") for phrase in parse_phrases(each, marked)
        )
        for key in _PHRASE_LISTS
    }
    lists |= {key: _folded(words, key, "reasons.toml") for key in _WORD_LISTS}
    return ReasonLexicon(**lists)
