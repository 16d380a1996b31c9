"""What an export opens for whom, and why the rest stays closed (R-60).

- One table says which groups of an entry each scope opens: A rules and reasons, B identity, C digests of what
  left, R request id. No scope opens group D.
- Each group that is not opened has a reason, by its name: together they are the index of what is withheld.
"""

from collections.abc import Mapping
from typing import Final

from solely.errors import NotPermitted, UsageError
from solely.ledger.entry import Entry, EntryType

PUBLIC: Final = "public"
COURT: Final = "court"
OPENS: Final[Mapping[str, str]] = {
    "committee": "A",
    "auditor": "A",
    "inspector-general": "ABR",
    COURT: "ABCR",
    PUBLIC: "",
}
SUBJECT: Final = "subject"
SAMPLE_SCOPE: Final = "auditor"
REASONS: Final[Mapping[str, str]] = {
    "scope": "this group is not open to the scope of the export",
    "not-asked": "the scope opens this group, and it was not asked for",
    "internal": "group D is open to no scope",
    "act": "an act other than a first or last decision or a release; its own command shows it",
    "not-kept": "the gate keeps the words of an item's first and last decision, and of decided batches",
    "destroyed": "the key that opens this group is destroyed",
}
_GROUPS: Final = {EntryType.DECISION: "ABDR", EntryType.RELEASE: "BCR"}


def groups_of(entry: Entry) -> str:
    """The letters of the groups that an entry commits to, as its type has them."""
    if entry.type in _GROUPS:
        return _GROUPS[entry.type]
    return "A" if entry.request is None else "AR"


def opened_by(scope: str, asked: str | None) -> str:
    """The groups that an export opens: those asked for, or all of its scope.

    Raises NotPermitted when more is asked for than the scope opens, UsageError for no scope or no group.
    """
    if scope == SUBJECT:
        raise UsageError("`subject` has no export: `solely inquire` answers a person about their own data")
    if scope not in OPENS:
        raise UsageError(f"`--scope` is one of {', '.join(OPENS)}; `solely inquire` answers a subject")
    letters = OPENS[scope] if asked is None else asked.replace(",", "").upper()
    if set(letters) - set("ABCDR"):
        raise UsageError("`--open` names groups by their letters: A, B, C, R")
    beyond = sorted(set(letters) - set(OPENS[scope]))
    if beyond:
        raise NotPermitted(f"scope `{scope}` does not open group {', '.join(beyond)} (R-60)")
    return "".join(sorted(set(letters)))


def why_closed(group: str, scope: str, opens: str) -> str | None:
    """The reason why an export of this scope keeps a group closed; None when it opens it."""
    if group in opens:
        return None
    if group == "D":
        return "internal"
    return "not-asked" if group in OPENS[scope] else "scope"
