"""What counsel looks at: the agreement, what sealing parts of it would cost, what a draft would widen.

- Nothing here changes the agreement: it is signed, sealed and put in force at the machine, by its parties.
- A draft is compared beside the thread that acts, and kept nowhere (R-83, R-89, R-90).
"""

import tempfile
from pathlib import Path
from typing import Final

from markupsafe import Markup

from solely import notary
from solely.agreement.parts import cut
from solely.agreement.redaction import find_kind
from solely.console.visit import (
    ADMINISTRATOR,
    COUNSEL,
    COURT,
    OFFICER,
    OVERSEER,
    PARTY,
    Answer,
    Later,
    Page,
    Route,
    Visit,
)
from solely.counsel import page_of
from solely.errors import UsageError
from solely.oversight.agreement_page import content
from solely.services import Services
from solely.steps import proving
from solely.store.gate import copy_files
from solely.store.law import LawFiles

_COUNSEL: Final = frozenset((COUNSEL,))
_WIDER: Final = ("not wider", "clause", "term")  # kinds of claims of which a failure lets more through
_READERS: Final = frozenset((COUNSEL, OFFICER, OVERSEER, COURT, PARTY, ADMINISTRATOR))  # sealed parts too
MEANS: Final = {
    "open": "never sealed",
    "name": "may be sealed: a name or a contact point",
    "limit": "may be sealed: a limit",
    "permission": "sealed only under an order, until its last day, signed by every party or a court",
}


def agreement(visit: Visit) -> Answer:
    """The agreement in force as `solely page` writes it: text, rules, cases, coverage (R-90)."""
    files = visit.services.law_files
    return Later(lambda: _agreement_page(files))


def _agreement_page(files: LawFiles) -> Page:
    head, body = content(page_of(files))
    words = {"head": Markup(head), "sections": Markup(body)}  # noqa: S704 -- escaped where it enters
    return Page("agreement.html", words)


def parts(visit: Visit) -> Answer:
    """The agreement's parts, and as what each may be sealed (R-89)."""
    return Page("counsel.html", {**_words(visit.services), "named": (), "found": None})


def sealing(visit: Visit) -> Answer:
    """What would no longer be provable to the public with some parts sealed."""
    services = visit.services
    labels = [label for number, label in enumerate(_labels(services)) if f"part-{number}" in visit.form]
    if not labels:
        raise UsageError("choose the parts that would be sealed")
    path = services.folder.law / "agreements" / services.config.agreement
    words = {**_words(services), "named": labels}
    return Later(lambda: Page("counsel.html", {**words, "found": notary.provable(path, labels)}))


def draft(visit: Visit) -> Answer:
    """What a draft would widen against the version in force, as `solely diff` says it."""
    text = visit.form.get("text", "")
    if not text.strip():
        raise UsageError("`text` is the draft's whole `agreement.md`")
    files = visit.services.law_files
    if text.strip() == files.agreement.decode().strip():
        return Page(
            "draft.html",
            {"says": "The draft is the text in force, word for word: it widens nothing.", "lines": ()},
        )

    def make() -> Answer:
        proof = _compared(files, text)
        return Page("draft.html", {"says": _in_short(proof), "lines": list(proving.proof_lines(proof))})

    return Later(make)


def _in_short(proof: proving.Proof) -> str:
    """Whether the draft lets more through, in a sentence; the lines below it say where, and their limits."""
    wider = sum(each.kind in _WIDER for each in proof.failures)
    if wider:
        places = "1 place, which is" if wider == 1 else f"{wider} places, which are"
        return f"The draft may let through what the version in force holds back, at {places} named below."
    if proof.failures:
        return "The draft was not seen to let more through, but something else does not hold: see below."
    return "The draft was not seen to let more through than the version in force."


def _compared(files: LawFiles, text: str) -> proving.Proof:
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder, "old"), Path(folder, "new")
        copy_files(files.as_files(), old)
        copy_files(files.as_files(), new)
        home = Path("agreements", files.agreement_id)
        (new / home / "agreement.md").write_text(text, encoding="utf-8")
        return proving.compare(old / home, new / home)


def _labels(services: Services) -> list[str]:
    return [part.label for part in cut(services.law_files.agreement)]


def _words(services: Services) -> dict[str, object]:
    document = services.law.agreement
    parts = [(label, find_kind(label, document)) for label in _labels(services)]
    return {
        "id": document.id,
        "version": document.version,
        "parts": parts,
        "means": MEANS,
        "text": services.law_files.agreement.decode(),
    }


ROUTES = (
    Route("GET", "/agreement", _READERS, agreement),
    Route("GET", "/counsel", _COUNSEL, parts),
    Route("POST", "/counsel/sealing", _COUNSEL, sealing),
    Route("POST", "/counsel/draft", _COUNSEL, draft),
)
