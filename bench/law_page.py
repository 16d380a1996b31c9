"""The results page on law files: what proofs, mutants and public copies cost."""

from collections.abc import Iterator, Mapping
from typing import Any

from bench.markdown import stated, table


def law(proofs: Mapping[str, Any], redaction: Mapping[str, Any]) -> Iterator[str]:
    """The section of the page, from both results."""
    yield f"""## Proofs and public copies

Every question on every shipped agreement goes to a solver; then each clause is removed and each of its
literals made otherwise, and every such mutant is compared with the original. Wall time stands beside the CPU
time of this process and the solvers together: on a busy machine only the second compares.

{stated(proofs)}"""
    yield table(
        ("agreement", "asked of", "questions", "slowest, ms", "wall, s", "CPU, s"),
        [
            (name, who, proof["questions"], proof["slowest_ms"], proof["seconds"], proof["cpu_seconds"])
            for name, each in proofs["agreements"].items()
            for who, proof in (("z3", each["z3"]), ("z3 and cvc5", each["both"]))
        ],
    )
    audits = {name: each["audit"] for name, each in proofs["agreements"].items()}
    yield "The proof and all of its mutants in one go; every widened one is shown by a request one fact away:"
    yield table(
        (
            "agreement", "mutants", "widened", "by one fact", "without effect", "slowest, ms", "wall, s",
            "CPU, s",
        ),
        [
            (
                name, each["mutants"], each["widened"], each["by_one_fact"], each["without_effect"],
                each["slowest_ms"], each["seconds"], each["cpu_seconds"],
            )
            for name, each in audits.items()
        ],
    )  # fmt: skip
    many, peak = proofs["clauses_600"], proofs["peak_mib"]
    yield (
        f"{many['clauses']} clauses over {many['facts']} facts against the same with one clause otherwise, "
        f"{many['comparisons']} comparisons: encoded in {many['encoded']['cpu_seconds']} CPU seconds "
        f"({many['encoded']['seconds']} s), all proved after {many['proved']['cpu_seconds']} "
        f"({many['proved']['seconds']} s), the slowest question {many['slowest_ms']} ms. Peak memory of all: "
        f"{peak['this process']} MiB here, {peak['largest solver']} MiB in the largest solver."
    )
    yield f"""A public copy of the first agreement ({redaction["parts"]} parts, {redaction["characters"]:,}
characters), CPU microseconds of one act, the best third of {redaction["rounds"]}:

{stated(redaction)}"""
    yield table(("act", "CPU, µs"), [(name, round(each)) for name, each in redaction["microseconds"].items()])
