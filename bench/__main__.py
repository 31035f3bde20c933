"""`python -m bench [NAME]`: runs every benchmark, or the one that is named."""

from __future__ import annotations

import os
import sys

from bench import scaling, stacks

BENCHMARKS = {"scaling": scaling.run, "stacks": stacks.run}


def main() -> None:
    """Runs the benchmarks that the arguments name, or all of them."""
    names = sys.argv[1:] or list(BENCHMARKS)
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    print(f"{os.cpu_count()} cores, of which {os.getloadavg()[0]:.1f} were busy in the last minute")
    for name in names:
        print(f"\n## {name}\n")
        BENCHMARKS[name]()


main()
