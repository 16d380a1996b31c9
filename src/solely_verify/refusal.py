"""What the verifier says when evidence does not hold: a place, and what is wrong there."""

FINDINGS_MAX = 50


class Refusal(Exception):
    """One thing that does not hold; the text names the place first."""


class Findings:
    """What was found so far; beyond fifty the rest is only counted, so that a hostile log prints no flood."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.more = 0

    def add(self, line: str) -> None:
        """Keep one finding."""
        if len(self.lines) < FINDINGS_MAX:
            self.lines.append(line)
        else:
            self.more += 1

    def listed(self) -> list[str]:
        """Every finding kept, and a last line for those that were only counted."""
        return self.lines + ([f"and {self.more} more"] if self.more else [])
