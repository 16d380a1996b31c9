"""An opened release shared with another office: permitted where it could still be opened (R-54, R-83).

- The agreement lists the authority; whoever shares could open the release now: nothing stops it, its use is
  not over and no copy of it is signed to be destroyed (R-62, R-64, R-91).
- A denial is an entry, as any of a signature for a release.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from solely.errors import SolelyError
from solely.model import Enrolment
from solely.release.duties import Act
from solely.release.opening import OpeningDenied
from solely.services import Services
from solely.signing import Signer
from solely.steps import opening, recipient


def share(
    services: Services, request_id: str, signer: Signer, words: Mapping[str, str], at: datetime
) -> dict[str, Any]:
    """What an officer has signed: with which office, under which authority."""

    def require_permitted(release: recipient.Row, officer: Enrolment) -> None:
        if words["authority"] not in services.law.onward_authorities:
            raise OpeningDenied("ONWARD_NOT_PERMITTED")
        ground = opening.Ground.of(services, at)
        standing = opening.standings(services, [release], ground)[release["id"]]
        opening.require_officer(services, opening.Found(release, standing), officer, ground)
        judged = opening.judge_releases(services, [release], ground)[release["id"]]
        if isinstance(judged, SolelyError):
            raise judged

    return recipient.act(services, request_id, signer, (Act.SHARED, words), at, require_permitted)
