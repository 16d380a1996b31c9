"""What of new tables may act at once: only what can do nothing but stop more (R-84)."""

import json
import re
import tomllib

import pytest

from solely.store.inputs import is_stricter, read_inputs

pytestmark = pytest.mark.rule("R-84")
SHIPPED = read_inputs(None)
LEXICON = SHIPPED["placeholders.toml"].decode()
REGISTER = SHIPPED["facilities.csv"].decode()
ONE_MORE = "9,77002,Synthetic Shelter,shelter\n"


def put(name: str, text: str) -> bool:
    """True when this table in the place of the shipped one acts at once."""
    return is_stricter(SHIPPED, SHIPPED | {name: text.encode()})


def with_phrase(phrase: str) -> str:
    """The shipped lexicon with a phrase more."""
    return LEXICON.replace("\nphrases = [", f'\nphrases = ["{phrase}", ', 1)


@pytest.mark.parametrize("phrase", ["SOMEPLACE", "NO KNOWN HOUSE"])
def test_a_phrase_more_acts_at_once(phrase):
    assert put("placeholders.toml", with_phrase(phrase).replace('"6"', '"7"', 1))


def test_a_phrase_less_waits():
    assert not put("placeholders.toml", LEXICON.replace('"FAILED TO PROVIDE", ', "", 1))


def test_a_lexicon_that_holds_the_old_one_as_a_mere_text_waits():
    words = tomllib.loads(LEXICON) | {"phrases": [], "fakes": []}
    fewer = "".join(f"{name} = {json.dumps(value)}\n" for name, value in words.items())
    wrapped = f"former = '''\n{LEXICON}\n'''\n{fewer}"
    assert set(LEXICON.splitlines()) <= set(wrapped.splitlines())
    assert not put("placeholders.toml", wrapped)


@pytest.mark.parametrize("name", ["called", "roads", "fillers", "landmarks", "words", "fakes"])
def test_a_list_that_says_what_is_a_street_or_how_a_word_is_read_waits_also_where_it_grows(name):
    assert not put(
        "placeholders.toml", re.sub(rf"(?m)^{name} = \[", f'{name} = ["REFUSED", ', LEXICON, count=1)
    )


def test_a_phrase_that_would_hide_a_slip_of_a_listed_word_waits():
    assert not put("placeholders.toml", with_phrase("QQQ UNKNOWM"))


@pytest.mark.parametrize("name", ["phrases = [", "roads = ["])
def test_a_lexicon_that_lacks_a_list_or_cannot_be_read_waits(name):
    assert not put("placeholders.toml", LEXICON.replace(f"\n{name}", f"\nno_{name}", 1))
    assert not put("placeholders.toml", LEXICON.replace(f"\n{name}", f"\n{name}[", 1))


def test_a_row_more_of_a_register_acts_at_once():
    assert put("facilities.csv", REGISTER + ONE_MORE)


@pytest.mark.parametrize("text", [
    'house_number,zip,name,kind\n9,77002,"\n' + REGISTER + '",shelter\n',  # the old rows as one cell
    REGISTER.splitlines(keepends=True)[0] + ONE_MORE,
    REGISTER.replace("house_number,zip", "zip,house_number", 1),
    REGISTER + "9,77002\n",
    REGISTER + '9,77002,"Synthetic,shelter\n',
    "",
])  # fmt: skip
def test_a_register_without_a_row_or_with_a_row_that_is_none_waits(text):
    assert not put("facilities.csv", text)


def test_any_other_table_waits():
    assert not put("names.toml", SHIPPED["names.toml"].decode() + "# a word more\n")
