"""Arguments and options that several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

Environment = Annotated[str, typer.Argument(metavar="ENV", help="The name in Pulumi.<name>.yaml.")]
OnAws = Annotated[
    bool,
    typer.Option(
        "--aws", help="The stack on AWS, by this shell's credentials and state backend, not the sandbox's."
    ),
]
