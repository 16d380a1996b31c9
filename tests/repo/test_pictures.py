"""The pictures in the documents are those that the tour of the console makes, and each of them is shown."""

import re

from tests.support.tree import ROOT, text_of

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))


def test_each_picture_of_the_console_is_made_by_the_tour_and_shown_in_a_document() -> None:
    pictures = {path.stem for path in (ROOT / "docs" / "pictures").iterdir()}
    made = set(re.findall(r"""\(?(?:look\(|, )"([a-z-]+)"\)""", text_of(ROOT / "tests/e2e/test_tour.py")))
    shown = {name for page in PAGES for name in re.findall(r"pictures/([a-z-]+)\.png\)", text_of(page))}
    assert len(pictures) >= 12
    assert pictures <= made
    assert pictures == shown


def test_each_picture_says_in_words_what_it_shows() -> None:
    said = [words for page in PAGES for words in re.findall(r"!\[([^]]*)\]\([^)]*\.png\)", text_of(page))]
    assert all(len(words.split()) >= 4 for words in said)
