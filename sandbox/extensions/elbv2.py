"""Elastic Load Balancing: protection, what a listener must have, and what AWS sets where nobody did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import DuplicateListenerError, ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer
from moto.elbv2.responses import ELBV2Response

from sandbox.extensions.registry import replaces

# Elastic Load Balancing API reference, LoadBalancerAttribute: the defaults of an application load balancer.
_APPLICATION_DEFAULTS = {
    "access_logs.s3.enabled": "false",
    "client_keep_alive.seconds": "3600",
    "connection_logs.s3.bucket": "",
    "connection_logs.s3.enabled": "false",
    "connection_logs.s3.prefix": "",
    "idle_timeout.timeout_seconds": "60",
    "ipv6.deny_all_igw_traffic": "false",
    "load_balancing.cross_zone.enabled": "true",
    "routing.http.desync_mitigation_mode": "defensive",
    "routing.http.drop_invalid_header_fields.enabled": "false",
    "routing.http.preserve_host_header.enabled": "false",
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
    "routing.http.xff_client_port.enabled": "false",
    "routing.http.xff_header_processing.mode": "append",
    "routing.http2.enabled": "true",
    "waf.fail_open.enabled": "false",
    "zonal_shift.config.enabled": "false",
}


@replaces(FakeLoadBalancer, "__init__")
def _set_default_attributes(
    original: Callable[..., None], self: FakeLoadBalancer, *args: Any, **kwargs: Any
) -> None:
    """DescribeLoadBalancerAttributes returns every attribute; moto returns those that were set."""
    original(self, *args, **kwargs)
    if self.type == "application":
        self.attrs |= _APPLICATION_DEFAULTS


@replaces(ELBv2Backend, "delete_load_balancer")
def _refuse_protected_balancer(original: Callable[..., None], self: ELBv2Backend, arn: str) -> None:
    """Deletion protection protects."""
    balancer = self.load_balancers.get(arn)
    if balancer is not None and balancer.attrs.get("deletion_protection.enabled") == "true":
        raise ELBClientError(
            "OperationNotPermitted",
            f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
        )
    original(self, arn)


@replaces(ELBV2Response, "create_listener")
def _check_and_complete_listener(
    original: Callable[[Any], ActionResult], self: ELBV2Response
) -> ActionResult:
    """A port is taken once, HTTPS has a certificate, and MutualAuthentication is kept."""
    balancer = self.elbv2_backend.load_balancers.get(self._get_param("LoadBalancerArn"))
    port = str(self._get_param("Port"))
    if balancer is not None and any(str(listener.port) == port for listener in balancer.listeners.values()):
        raise DuplicateListenerError()
    if self._get_param("Protocol") in ("HTTPS", "TLS") and not self._get_param("Certificates", []):
        raise ELBClientError("CertificateNotFound", "A certificate must be specified for HTTPS listeners")
    return _with_mutual_authentication(original, self)


@replaces(ELBV2Response, "modify_listener")
def _keep_mutual_authentication(original: Callable[[Any], ActionResult], self: ELBV2Response) -> ActionResult:
    """MutualAuthentication is kept, and is "off" where nobody set it."""
    return _with_mutual_authentication(original, self)


def _with_mutual_authentication(original: Callable[[Any], ActionResult], self: ELBV2Response) -> ActionResult:
    answer = original(self)
    result: Any = answer.result
    for listener in result["Listeners"]:
        given = self._get_param("MutualAuthentication")
        if listener.protocol == "HTTPS" and (given or not hasattr(listener, "mutual_authentication")):
            listener.mutual_authentication = given or {"Mode": "off"}
    return answer
