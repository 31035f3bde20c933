"""IAM Access Analyzer, a service that moto lacks: its analyzers, which never find anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

from moto import backends
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.common_models import BaseModel
from moto.core.exceptions import JsonRESTError
from moto.core.responses import BaseResponse
from moto.core.utils import iso_8601_datetime_without_milliseconds, utcnow
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from sandbox.extensions.registry import replaces

_SERVICE = "accessanalyzer"
_SIGNED_AS = "access-analyzer."


class Analyzer(BaseModel):
    """What looks at an account's policies for those whom they let in."""

    def __init__(self, where: str, given: dict[str, Any]) -> None:
        self.tags: dict[str, str] = given.get("tags") or {}
        self.described = {
            "arn": f"{where}:analyzer/{given['analyzerName']}",
            "name": given["analyzerName"],
            "type": given["type"],
            "status": "ACTIVE",
            "createdAt": iso_8601_datetime_without_milliseconds(utcnow()),
            "configuration": given.get("configuration"),
        }

    def to_dict(self) -> dict[str, Any]:
        return {name: value for name, value in (self.described | {"tags": self.tags}).items() if value}


class AccessAnalyzerBackend(BaseBackend):
    """The analyzers of an account in a region, by name."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.analyzers: dict[str, Analyzer] = {}

    @property
    def _url_module(self) -> Any:
        paths = ("{0}/analyzer$", "{0}/analyzer/(?P<analyzer_name>[^/]+)$", "{0}/tags/(?P<resource_arn>.+)$")
        return SimpleNamespace(
            url_bases=[r"https?://access-analyzer\.(.+)\.amazonaws\.com"],
            url_paths=dict.fromkeys(paths, AccessAnalyzerResponse.dispatch),
        )

    def create(self, given: dict[str, Any]) -> Analyzer:
        """Make an analyzer. A region has one of each type."""
        if given["analyzerName"] in self.analyzers:
            raise JsonRESTError("ConflictException", f"Analyzer {given['analyzerName']} already exists")
        if any(analyzer.described["type"] == given["type"] for analyzer in self.analyzers.values()):
            raise JsonRESTError("ServiceQuotaExceededException", f"Quota of {given['type']} analyzers: 1")
        where = f"arn:{self.partition}:access-analyzer:{self.region_name}:{self.account_id}"
        analyzer = Analyzer(where, given)
        self.analyzers[given["analyzerName"]] = analyzer
        return analyzer

    def get(self, name: str) -> Analyzer:
        analyzer = self.analyzers.get(name)
        if analyzer is None:
            error = JsonRESTError("ResourceNotFoundException", f"Analyzer {name} does not exist")
            error.code = 404
            raise error
        return analyzer


accessanalyzer_backends = BackendDict(AccessAnalyzerBackend, _SERVICE)


class AccessAnalyzerResponse(BaseResponse):
    """The operations of the service, each under the name of its own."""

    def __init__(self) -> None:
        super().__init__(service_name=_SERVICE)

    @property
    def backend(self) -> AccessAnalyzerBackend:
        return accessanalyzer_backends[self.current_account][self.region]

    def create_analyzer(self) -> str:
        return json.dumps({"arn": self.backend.create(json.loads(self.body)).described["arn"]})

    def get_analyzer(self) -> str:
        return json.dumps({"analyzer": self._analyzer().to_dict()})

    def list_analyzers(self) -> str:
        return json.dumps({"analyzers": [each.to_dict() for each in self.backend.analyzers.values()]})

    def delete_analyzer(self) -> str:
        del self.backend.analyzers[self._analyzer().described["name"]]
        return "{}"

    def tag_resource(self) -> str:
        self._analyzer().tags.update(json.loads(self.body)["tags"])
        return "{}"

    def untag_resource(self) -> str:
        for key in self.querystring["tagKeys"]:
            self._analyzer().tags.pop(key, None)
        return "{}"

    def list_tags_for_resource(self) -> str:
        return json.dumps({"tags": self._analyzer().tags})

    def _analyzer(self) -> Analyzer:
        """The one that the end of the path names, by its name or its ARN."""
        return self.backend.get(unquote(self.path).rpartition("/")[2])


@replaces(DomainDispatcherApplication, "get_backend_for_host")
def _know_the_service(
    original: Callable[..., Any], self: DomainDispatcherApplication, host: str | None
) -> Any:
    """Calls to Access Analyzer are for it; moto knows no such service."""
    return _SERVICE if (host or "").startswith(_SIGNED_AS) else original(self, host)


@replaces(backends, "get_backend")
def _find_the_backend(original: Callable[[str], Any], name: str) -> Any:
    """Access Analyzer's state is here, where moto looks among its own modules."""
    return accessanalyzer_backends if name == _SERVICE else original(name)
