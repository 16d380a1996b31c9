"""The first page of whoever is signed in, and of everybody else."""

from solely.console.menu import MENU
from solely.console.visit import EVERYBODY, Page, Route, Visit


def home(visit: Visit) -> Page:
    """Where a person goes from here; nobody in particular is shown the way to the public page and sign-in."""
    return Page("home.html", {"doors": () if visit.person is None else MENU.get(visit.person.role, ())})


ROUTES = (Route("GET", "/", frozenset(), home), Route("GET", "/me", EVERYBODY, home))
