"""`python -m triage` starts the service."""

from .main import main

main()
