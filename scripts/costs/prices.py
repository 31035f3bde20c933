"""The dated price tables of the repository: infra/prices/<region>.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import infra
from scripts.costs import figures
from scripts.costs.figures import Amount, Figures
from scripts.errors import CommandError

FOLDER = Path(infra.__file__).parent / "prices"
_OLDEST = timedelta(days=365)


class Unit(StrEnum):
    """What a price is for."""

    HOUR = "hour"
    MONTH = "month"
    GB = "GB"
    GB_MONTH = "GB-month"
    GB_HOUR = "GB-hour"
    VCPU_HOUR = "vCPU-hour"
    VCPU_MONTH = "vCPU-month"
    LCU_HOUR = "LCU-hour"
    MILLION = "million"
    MILLION_TOKENS = "million tokens"
    MILLION_GB_SECONDS = "million GB-seconds"
    THOUSAND_TEXT_UNITS = "thousand text units"


class _Row(Figures):
    usd: Amount
    per: Unit
    unchecked: bool = False


class _File(Figures):
    region: str
    as_of: date
    pages: dict[str, dict[str, _Row]]


@dataclass(frozen=True, kw_only=True)
class Price:
    """One price. `source` is the title of AWS's page; `checked`: something was found to confirm it."""

    usd: Decimal
    unit: Unit
    source: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class PriceTable:
    """The prices of a region by their keys, for one day."""

    region: str
    as_of: date
    prices: Mapping[str, Price]

    def is_old(self, today: date) -> bool:
        return today - self.as_of > _OLDEST

    @property
    def unchecked_count(self) -> int:
        return sum(not price.checked for price in self.prices.values())


def known_regions(folder: Path = FOLDER) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.yaml"))


def load(region: str, folder: Path = FOLDER) -> PriceTable:
    """The table of a region. Raises CommandError, exit code 2, that names those that there are."""
    known = known_regions(folder)
    if region not in known:
        raise CommandError(
            f"there are no prices of {region}",
            f"there are those of {', '.join(known)}; copy one to infra/prices/{region}.yaml and put in the "
            "prices of AWS's pages (docs/how-to/estimate-cost.md)",
            exit_code=2,
        )
    where = f"infra/prices/{region}.yaml"
    found = figures.accept(_File, figures.read(folder / f"{region}.yaml"), where)
    if found.region != region:
        raise CommandError(f"{where} says that it is of {found.region}", "mend the file", exit_code=2)
    prices: dict[str, Price] = {}
    for page, rows in found.pages.items():
        for key, row in rows.items():
            if key in prices:
                raise CommandError(f"{where} has {key} twice", "take one out", exit_code=2)
            prices[key] = Price(usd=row.usd, unit=row.per, source=page, checked=not row.unchecked)
    return PriceTable(region=region, as_of=found.as_of, prices=prices)
