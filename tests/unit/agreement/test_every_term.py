"""Every term of each shipped agreement and statute, loosened by one step: found wider, or not loaded."""

from datetime import date, timedelta

import pytest

from solely.agreement.amendment import wider_terms
from solely.agreement.document import Law, parse_agreement, parse_statute
from solely.agreement.terms import SCHEDULES
from solely.errors import AgreementRefused
from solely.store.signed_law import KEPT_TERMS
from tests.support.law import SHIPPED

# Numbers and days that hold back more when they grow; of all others a smaller one does, or none is known to.
GROWING = {
    "earliest_order_on", "order_days_min", "keys_equal_min", "approvers_min", "weight_bits_min",
    "margin_bits_min", "onward_record_years_min", "investigation_sample_items", "volume_days",
    "attempts_days", "starts_on", "is_two_keys_required",
}  # fmt: skip
# Of these neither direction holds back more in every case: any change counts as wider.
EITHER = {
    "evidence_days",
    "evidence_reply_days",
    "reply_days",
    "reconsider_days",
    "volume_days",
    "attempts_days",
}
OF_THE_VERSION = {"id", "version", "read_on", "source", "reviewer"}


def loosened(name, value):
    """The values one step looser than that of a term, as far as anyone could call them looser."""
    if isinstance(value, bool):
        return [] if name in GROWING and not value else [not value]
    if isinstance(value, int):
        steps = (-1, 1) if name in EITHER else (-1,) if name in GROWING else (1,)
        return [value + step for step in steps]
    if isinstance(value, date):
        step = timedelta(days=-1 if name in GROWING else 1)
        return [value + step, "not stated in the text"]
    if isinstance(value, list):
        fewer = [value[1:]] if name == "facts_without_substitute" else []
        return fewer or [[*value, "another_entry"]]
    return ["another wording"] if isinstance(value, str) else []


def toml(value):
    """A value as a law file writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def replaced(text, name, value):
    """A text with the value of one term or entry, which may go over several lines, replaced."""
    head, mark, tail = text.partition(f"\n{name} = ")
    assert mark, name
    end = tail.index("\n]\n") + 2 if tail.startswith("[\n") else tail.index("\n")
    return f"{head}{mark}{toml(value)}{tail[end:]}"


def steps(statute, agreement):
    """Every term of both files with each looser value: its name, which file, and that file's text."""
    above = parse_statute(statute)
    for place, data, document in ((0, statute, above), (1, agreement, parse_agreement(agreement, above))):
        text = data.decode()
        for name, key, value in entries_of(document):
            for looser in loosened(key, value):
                if name.startswith("term: "):
                    whole = document.terms["term"] | {key: looser}
                    pairs = ", ".join(f"{day} = {toml(each)}" for day, each in whole.items())
                    line = next(each for each in text.split("\n") if each.startswith("term = "))
                    yield name, place, text.replace(line, f"term = {{{pairs}}}")
                else:
                    yield name, place, replaced(text, key, looser)


def entries_of(document):
    """Each term and schedule entry: the name that findings give it, its key, its value."""
    for key, value in document.terms.items():
        if key == "term":
            yield from ((f"term: {day}", day, each) for day, each in value.items())
        elif key not in OF_THE_VERSION:
            yield key, key, value
    for schedule, entries in document.schedules.items():
        if schedule != "facts":
            yield from ((f"schedule {schedule}: {key}", key, value) for key, value in entries.items())


@pytest.mark.rule("R-03", "R-09", "R-11", "R-84")
@pytest.mark.parametrize("files", SHIPPED, ids=lambda files: files[1].split(b'"')[1].decode())
def test_every_term_loosened_by_one_step_is_found_or_refused(files):
    statute, agreement = files
    above = parse_statute(statute)
    old = Law(above, parse_agreement(agreement, above))
    seen = set()
    for name, place, text in steps(statute, agreement):
        given = [statute, agreement]
        given[place] = text.encode()
        assert given[place] != files[place], name
        seen.add(name.rpartition(": ")[2])
        try:
            new = Law.of(given[1], given[0])
        except AgreementRefused:
            continue
        kept = {key: new.obligations[key] == value for key, value in KEPT_TERMS.items()}
        found = [each.partition(": ")[2] for each in wider_terms(new, old)]
        assert name in found or not all(kept.values()), name
    stated = {name for entries in SCHEDULES["statute"].values() for name in entries}
    assert stated <= seen
    matching = old.agreement.schedules["matching"]
    loose_already = {name for name, value in matching.items() if value is False}
    assert {*old.limits, *old.obligations, *matching} - seen == loose_already
