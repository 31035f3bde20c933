"""What the extensions that bring a whole resource share: its record, its calls' parameters, its errors."""

from __future__ import annotations

from typing import Any

from moto.core.common_models import BaseModel
from moto.core.exceptions import ServiceException
from moto.core.responses import BaseResponse


class ApiError(ServiceException):
    """An error of the service that was called, by its code."""


class Record(BaseModel):
    """A resource in the words of the API: `shown` is what the call that describes it answers."""

    def __init__(self, **shown: Any) -> None:
        self.shown = shown


def records(backend: Any, name: str) -> dict[str, Any]:
    """The collection of that name on moto's backend, where the snapshot and the inventory find it."""
    collection: dict[str, Any] = vars(backend).setdefault(name, {})
    return collection


def given(response: BaseResponse) -> dict[str, Any]:
    """The parameters of a call, by the names and in the types of the service model."""
    response.parse_parameters(response.normalized_request)
    params: dict[str, Any] = response.params
    return params


def page(items: list[Any], token: Any, limit: Any, *, size: int = 50) -> tuple[list[Any], str | None]:
    """A page of a listing and the token of the next one, or None; `size` is the service's own limit."""
    start = int(token or 0)
    end = start + int(limit or size)
    return items[start:end], str(end) if end < len(items) else None
