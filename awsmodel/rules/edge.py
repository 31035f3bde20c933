"""Rules of what stands before the service: certificates, names, the firewall."""

from awsmodel.relations import Requires
from awsmodel.rule import TypeRules
from awsmodel.rule_words import (
    arn,
    avoids,
    between,
    exactly_one_of,
    exclusive,
    items,
    length,
    matches,
    prefixed,
    said,
    together,
)

_WAF_NAME = r"\A[\w-]+\Z"
_WAF_WORDS = "have only letters, digits, hyphens and underscores"
_POLICIES = (
    "cidrRoutingPolicy",
    "failoverRoutingPolicies",
    "geolocationRoutingPolicies",
    "geoproximityRoutingPolicy",
    "latencyRoutingPolicies",
    "multivalueAnswerRoutingPolicy",
    "weightedRoutingPolicies",
)

CERTIFICATE = TypeRules(
    of="aws:acm/certificate:Certificate",
    source="internal/service/acm/certificate.go",
    rules=(
        exactly_one_of("domainName", "privateKey", "privateKeyWo"),
        avoids("domainName", r"\.\Z", "not end with a dot"),
        avoids("subjectAlternativeNames[]", r"\.\Z", "not end with a dot"),
        arn("certificateAuthorityArn", "acm-pca"),
        said(
            "",
            Requires("domainName", needs=("validationMethod|certificateAuthorityArn",)),
            "resourceCertificateCreate",
        ),
        exclusive("validationMethod", "privateKey"),
        exclusive("validationMethod", "certificateBody"),
        exclusive("validationMethod", "certificateChain"),
        exclusive("validationMethod", "certificateAuthorityArn"),
    ),
)

CERTIFICATE_VALIDATION = TypeRules(
    of="aws:acm/certificateValidation:CertificateValidation",
    source="internal/service/acm/certificate_validation.go",
    rules=(arn("certificateArn", "acm"),),
)

RECORD = TypeRules(
    of="aws:route53/record:Record",
    source="internal/service/route53/record.go",
    rules=(
        exactly_one_of("aliases", "records"),
        items("aliases", None, 1),
        exclusive("aliases", "ttl"),
        together("ttl", "records"),
        said("", Requires("records", needs=("ttl",)), "AWS: Route 53 API Reference, ResourceRecordSet"),
        exclusive(*_POLICIES),
        *(together(name, "setIdentifier") for name in _POLICIES),
        between("ttl", 0, 2147483647, "AWS: Route 53 API Reference, ResourceRecordSet"),
    ),
)

ZONE = TypeRules(
    of="aws:route53/zone:Zone",
    source="internal/service/route53/zone.go",
    rules=(
        length("name", 1, 1024),
        exclusive("delegationSetId", "vpcs"),
    ),
)

WEB_ACL = TypeRules(
    of="aws:wafv2/webAcl:WebAcl",
    source="internal/service/wafv2/web_acl.go",
    rules=(
        *prefixed("name", "namePrefix", 128, _WAF_NAME, _WAF_WORDS),
        length("description", 1, 256),
        exactly_one_of(
            "allow", "block", path="defaultAction", source="AWS: WAF API Reference, DefaultAction"
        ),
        matches(
            "visibilityConfig.metricName",
            r"\A[\w#:./-]{1,128}\Z",
            "be at most 128 letters, digits and #:./-_",
        ),
        matches(
            "rules[].visibilityConfig.metricName",
            r"\A[\w#:./-]{1,128}\Z",
            "be at most 128 letters, digits and #:./-_",
        ),
        exclusive("action", "overrideAction", path="rules[]", source="AWS: WAF API Reference, Rule"),
        said(
            "rules[]",
            Requires("statement", needs=("action|overrideAction",)),
            "AWS: WAF API Reference, Rule",
        ),
    ),
)

WEB_ACL_ASSOCIATION = TypeRules(
    of="aws:wafv2/webAclAssociation:WebAclAssociation",
    source="internal/service/wafv2/web_acl_association.go",
    rules=(arn("resourceArn"), arn("webAclArn", "wafv2")),
)

WEB_ACL_LOGGING = TypeRules(
    of="aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    source="internal/service/wafv2/web_acl_logging_configuration.go",
    rules=(
        items("logDestinationConfigs", 1, 1),
        arn("logDestinationConfigs[]"),
        matches(
            "logDestinationConfigs[]",
            r":(log-group:|deliverystream/|::)aws-waf-logs-",
            "name a destination whose name begins with aws-waf-logs-",
            "AWS: WAF Developer Guide, Logging destinations for web ACL traffic",
        ),
        items("redactedFields", None, 100),
        arn("resourceArn", "wafv2"),
    ),
)

IP_SET = TypeRules(
    of="aws:wafv2/ipSet:IpSet",
    source="internal/service/wafv2/ip_set.go",
    rules=(
        *prefixed("name", "namePrefix", 128, _WAF_NAME, _WAF_WORDS),
        items("addresses", None, 10000),
        matches(
            "addresses[]",
            r"\A[0-9A-Fa-f.:]+/(?!0\Z)\d{1,3}\Z",
            "be a network in CIDR notation, and not /0",
            "AWS: WAF API Reference, IPSet",
        ),
    ),
)
