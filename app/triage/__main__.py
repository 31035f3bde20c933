"""`python -m triage [serve|worker|migrate]` does one of the three; without a word it serves."""

import sys

from .main import run

run(sys.argv[1:])
