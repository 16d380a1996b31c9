"""The first page of whoever is signed in, and of everybody else."""

from solely.console.visit import (
    ADMINISTRATOR,
    ANALYST,
    COUNSEL,
    EVERYBODY,
    OFFICER,
    OVERSEER,
    Page,
    Route,
    Visit,
)

# What each role finds on its first page: a sentence, and where it leads.
_DOORS = {
    ANALYST: (("/batches", "Send a batch, see what is deficient, cure it"),),
    OFFICER: (
        ("/queue", "Decide what was referred"),
        ("/approvals", "Approve a batch"),
        ("/orders", "Orders in force"),
    ),
    COUNSEL: (("/agreement", "The agreement, its drafts and redactions"), ("/objections", "Objections")),
    OVERSEER: (("/oversight", "Verify, report, replay, sample"), ("/objections", "Objections")),
    ADMINISTRATOR: (("/people", "People, keys and safeguards"),),
}


def home(visit: Visit) -> Page:
    """Where a person goes from here; nobody in particular is shown the way to the public page and sign-in."""
    doors = () if visit.person is None else _DOORS.get(visit.person.role, ())
    return Page("home.html", {"doors": doors})


ROUTES = (Route("GET", "/", frozenset(), home), Route("GET", "/me", EVERYBODY, home))
