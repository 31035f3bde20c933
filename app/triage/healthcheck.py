"""`python -m triage.healthcheck` asks whether the service in this container lives: exit code 0 or 1."""

import os
import sys
import urllib.request

from .settings import Settings


def main() -> int:
    """Ask `/health` on the loopback interface."""
    port = Settings.from_environment(os.environ).port
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=3) as answer:
            return 0 if answer.status == 200 else 1
    except OSError as error:
        sys.stderr.write(f"triage: no answer on port {port}: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
