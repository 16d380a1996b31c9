"""Receive a submission: whole, genuine, new; one ledger entry whatever comes of it (R-11 to R-13, R-103).

- Nothing is decided before the letter, its signature, the data file's digest, the agreement and every
  column are in order; what fails there fails as a whole and may be sent again corrected.
- What is common to all rows (ids used before, the same person twice) is found here, before any read.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from solely.errors import BatchRefused
from solely.intake.letter import parse_letter, require_genuine
from solely.model import Disposition, Letter, Reason
from solely.services import Services
from solely.steps.judging_again import last_day_of
from solely.store.submission import Received, receive

Findings = Mapping[int, Sequence[tuple[Disposition, Reason]]]


def take_in(services: Services, path: Path) -> Received:
    """The submission at `path`, copied into the gate and digested; it is looked at nowhere else."""
    return receive(path, services.folder.root / "incoming" / uuid4().hex)


def require_instrument(services: Services, received: Received, at: datetime) -> Letter:
    """The letter, when letter, signature, office, agreement and data file are in order; else BatchRefused."""
    if received.problem is not None:
        raise received.problem
    assert received.letter is not None and received.signature is not None, "a submission without a problem"
    letter, law, today = parse_letter(received.letter), services.law, at.date()
    require_genuine(letter, received.letter, received.signature, services.trust, law.signers, today)
    if (letter.agreement, letter.agreement_version) != (services.config.agreement, law.agreement.version):
        raise BatchRefused(
            "R-09", "agreement", "the letter names another agreement or version than is in force"
        )
    if letter.data_sha256 != received.data_sha256 or letter.data_file != received.data_name:
        raise BatchRefused("R-12", "data_file", "the data file is not the one that the letter was signed for")
    if today > last_day_of(services) or (law.starts_on is not None and today < law.starts_on):
        raise BatchRefused("R-06", "agreement", "the agreement is not in force on the day of receipt")
    return letter
