"""What the tables of prices and of the load have in common: files that a person edits."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scripts.errors import CommandError

HOURS_PER_MONTH = Decimal(730)
DAYS_PER_MONTH = HOURS_PER_MONTH / 24
SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600
GB = Decimal(10**9)
MILLION = Decimal(10**6)

Amount = Annotated[Decimal, Field(ge=0)]
Share = Annotated[Decimal, Field(ge=0, le=1)]


class Figures(BaseModel):
    """Figures that belong together; any other key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_Model = TypeVar("_Model", bound=BaseModel)


def read(path: Path) -> Any:
    """What a file says. Raises CommandError when it cannot be read."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise CommandError(f"{path.name} cannot be read: {error}", "mend the file", exit_code=2) from error


def accept(model: type[_Model], values: Any, where: str) -> _Model:
    """The checked figures. Raises CommandError with every fault of them."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()
        )
        raise CommandError(f"{where}: {faults}", "mend the file, then ask again", exit_code=2) from error


def exact(value: Any) -> Decimal:
    """A number of a state, as it is written there."""
    return Decimal(str(value))
