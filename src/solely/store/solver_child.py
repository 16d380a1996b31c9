"""The process in which a solver runs: SMT-LIB commands in, its answers out, until the input ends.

    python -m solely.store.solver_child z3|cvc5 MEGABYTES

- It imports nothing of solely and knows nothing of agreements; whoever started it may kill it at any time.
- A message is a line with a number of bytes, then that many bytes of UTF-8. An error is an answer in words.
"""

import resource
import sys
from collections.abc import Callable
from typing import Any


def z3_reader() -> Callable[[str], str]:
    """Z3 by its Python binding, as an SMT-LIB session."""
    import z3

    context = z3.main_ctx()

    def read(text: str) -> str:
        return str(z3.Z3_eval_smtlib2_string(context.ref(), text))

    return read


def cvc5_reader() -> Callable[[str], str]:
    """cvc5 by its Python binding, as an SMT-LIB session."""
    import cvc5

    solver: Any = cvc5.Solver()
    solver.setOption("incremental", "true")
    parser: Any = cvc5.InputParser(solver)
    symbols = parser.getSymbolManager()

    def read(text: str) -> str:
        parser.setIncrementalStringInput(cvc5.InputLanguage.SMT_LIB_2_6, "solely")
        parser.appendIncrementalStringInput(text)
        answers = []
        while not (command := parser.nextCommand()).isNull():
            answers.append(str(command.invoke(solver, symbols)))
        return "".join(answers)

    return read


READERS: dict[str, Callable[[], Callable[[str], str]]] = {"z3": z3_reader, "cvc5": cvc5_reader}


def main(name: str, megabytes: int) -> None:
    """Answer until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    read = READERS[name]()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while head := source.readline():
        text = source.read(int(head)).decode()
        try:
            answer = read(text)
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is no answer, and the asker is told
            answer = f"error: {type(error).__name__}: {error}"
        data = answer.encode()
        target.write(b"%d\n%b" % (len(data), data))
        target.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
