"""The people of the demo whom the custodian has enrolled: keys made on the spot, offices instead of names.

- `OUT/trust` holds public keys and enrolments, `OUT/keys` the private keys that a real gate never sees.
- Some stand there who may not act: an office that does not sign, an expired officer, a mailbox.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

SIGNER = "secretary-of-homeland-security"
FIELD_OFFICE = "field-office-director"
PARTIES = {"treasury": "Department of the Treasury", "homeland-security": "Department of Homeland Security"}
APPROVERS = {
    "disclosure-officer": "head-of-personnel",
    "chief-of-disclosure": "chief-counsel",
    "privacy-officer": "chief-of-information-security",
}
EXPIRED_OFFICER = "officer-expired"
# Who works at the console besides those who sign: none of them releases anything.
CONSOLE = {
    "counsel": "office-of-counsel",
    "overseers": "inspector-general",
    "administrators": "gate-administrator",
}
IDENTITY_OFFICE = "identity-office"
MAILBOX = "duty-mailbox"
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Person:
    """One enrolment of the demo."""

    role: str
    id: str
    name: str
    enrolled_by: str
    valid_from: date
    valid_to: date
    kind: str = ""
    certified_on: date | None = None
    above: tuple[str, ...] = ()

    def toml(self) -> str:
        """The words of `<id>.toml` (contracts 3)."""
        lines = [
            f'name = "{self.name}"',
            f'enrolled_by = "{self.enrolled_by}"',
            f"valid_from = {self.valid_from.isoformat()}",
            f"valid_to = {self.valid_to.isoformat()}",
            "demo = true",
        ]
        if self.kind:
            lines.append(f'kind = "{self.kind}"')
        if self.certified_on:
            lines.append(f"certified_on = {self.certified_on.isoformat()}")
        if self.above:
            lines.append(f"above = {json.dumps(list(self.above))}")
        return "\n".join(lines) + "\n"


def everybody(
    today: date,
    officers: Sequence[str],
    parties: Mapping[str, str] = PARTIES,
    offices: Sequence[str] = (SIGNER, FIELD_OFFICE),
) -> list[Person]:
    """All enrolments of the demo, valid from a year ago for two years unless they show the contrary."""
    since, until = today - _YEAR, today + _YEAR
    people = [
        Person("parties", party, name, "treasury-board", since, until) for party, name in parties.items()
    ]
    for office in offices:
        people.append(Person("requesters", office, _title(office), "office-of-the-registrar", since, until))
    for office, enroller in APPROVERS.items():
        people.append(Person("approvers", office, _title(office), enroller, since, until))
    districts = ("district-court", "other-district-court")
    for court in (*districts, "court-of-appeals"):
        above = districts if court == "court-of-appeals" else ()
        people.append(Person("courts", court, _title(court), "clerk-of-court", since, until, above=above))
    people.append(
        Person("inquiries", IDENTITY_OFFICE, _title(IDENTITY_OFFICE), "chief-counsel", since, until)
    )
    for role, office in CONSOLE.items():
        people.append(Person(role, office, _title(office), "office-of-the-registrar", since, until))
    enroller = "office-of-investigations"
    for officer in officers:
        people.append(Person("officers", officer, _title(officer), enroller, since, until, "person", since))
    past = today - timedelta(days=40)
    people.append(
        Person("officers", EXPIRED_OFFICER, "Officer, expired", enroller, since, past, "person", since)
    )
    people.append(Person("officers", MAILBOX, "Duty mailbox", enroller, since, until, "mailbox", since))
    return people


def _title(office: str) -> str:
    return office.replace("-", " ").capitalize()


def write_people(out: Path, people: Sequence[Person]) -> None:
    """Write `out/trust` and `out/keys`, a new P-256 key for each person."""
    for person in people:
        key = ec.generate_private_key(ec.SECP256R1())
        trust, keys = out / "trust" / person.role, out / "keys" / person.role
        for folder in (trust, keys):
            folder.mkdir(parents=True, exist_ok=True)
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        (trust / f"{person.id}.pem").write_bytes(public)
        (trust / f"{person.id}.toml").write_text(person.toml())
        _write_private(keys / f"{person.id}.pem", key)


def _write_private(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    data = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # Never readable by others, not even between creation and the change of its mode.
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)


def key_path(out: Path, role: str, name: str) -> Path:
    """Where a private key lies."""
    return out / "keys" / role / f"{name}.pem"
