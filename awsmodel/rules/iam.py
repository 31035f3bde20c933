"""Rules of identities and policies."""

from awsmodel.checks import Pattern
from awsmodel.rule import TypeRules
from awsmodel.rule_words import (
    arn,
    avoids,
    between,
    items,
    length,
    matches,
    policy,
    prefixed,
    said,
)

_NAME = r"\A[\w+=,.@-]+\Z"
_NAME_WORDS = "have only letters, digits and + = , . @ - _"
_PATH = r"\A(/|/[!-\x7f]+/)\Z"
_PATH_WORDS = "begin and end with a slash"

ROLE = TypeRules(
    of="aws:iam/role:Role",
    source="internal/service/iam/role.go",
    rules=(
        policy("assumeRolePolicy", 4096, source="verify.ValidIAMPolicyJSON"),
        avoids("description", "[\u201c\u2018]", "have no typographic quotes"),
        *prefixed("name", "namePrefix", 64, _NAME, _NAME_WORDS),
        length("path", None, 512),
        matches("path", _PATH, _PATH_WORDS, "AWS: IAM API Reference, CreateRole"),
        arn("permissionsBoundary", "iam"),
        arn("managedPolicyArns[]", "iam"),
        policy("inlinePolicies[].policy", 10240),
        matches("inlinePolicies[].name", _NAME, _NAME_WORDS, "validRolePolicyName"),
    ),
)

POLICY = TypeRules(
    of="aws:iam/policy:Policy",
    source="internal/service/iam/policy.go",
    rules=(
        *prefixed("name", "namePrefix", 128, _NAME, _NAME_WORDS),
        matches("path", _PATH, _PATH_WORDS, "AWS: IAM API Reference, CreatePolicy"),
        policy(most=6144),
    ),
)

ROLE_POLICY = TypeRules(
    of="aws:iam/rolePolicy:RolePolicy",
    source="internal/service/iam/role_policy.go",
    rules=(
        *prefixed("name", "namePrefix", 128, _NAME, _NAME_WORDS),
        policy(most=10240),
        length("role", 1, 128, "validRolePolicyRole"),
        said(
            "role",
            Pattern(r"\Aarn:", "be the name of a role, not its ARN", forbidden=True),
            "validRolePolicyRole",
        ),
    ),
)

ROLE_POLICY_ATTACHMENT = TypeRules(
    of="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    source="internal/service/iam/role_policy_attachment.go",
    rules=(
        arn("policyArn", "iam"),
        said(
            "role",
            Pattern(r"\Aarn:", "be the name of a role, not its ARN", forbidden=True),
            "validRolePolicyRole",
        ),
    ),
)

PASSWORD_POLICY = TypeRules(
    of="aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
    source="internal/service/iam/account_password_policy.go",
    rules=(
        between("maxPasswordAge", 0, 1095, "AWS: IAM API Reference, UpdateAccountPasswordPolicy"),
        between("passwordReusePrevention", 0, 24, "AWS: IAM API Reference, UpdateAccountPasswordPolicy"),
    ),
)

SERVICE_LINKED_ROLE = TypeRules(
    of="aws:iam/serviceLinkedRole:ServiceLinkedRole",
    source="internal/service/iam/service_linked_role.go",
    rules=(
        matches(
            "awsServiceName",
            r"\A[\w.-]+\.amazonaws\.com(\.cn)?\Z",
            "be a service such as config.amazonaws.com",
        ),
        length("customSuffix", None, 64, "AWS: IAM API Reference, CreateServiceLinkedRole"),
    ),
)

OIDC_PROVIDER = TypeRules(
    of="aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    source="internal/service/iam/openid_connect_provider.go",
    rules=(
        matches("url", r"\Ahttps://[^?]+\Z", "be an https address without a query", "validOpenIDURL"),
        items("clientIdLists", None, 100, "AWS: IAM API Reference, CreateOpenIDConnectProvider"),
    ),
)

ANALYZER = TypeRules(
    of="aws:accessanalyzer/analyzer:Analyzer",
    source="internal/service/accessanalyzer/analyzer.go",
    rules=(
        matches(
            "analyzerName",
            r"\A[A-Za-z][0-9A-Za-z_.-]{0,254}\Z",
            "begin with a letter and have at most 255 letters, digits and _ . -",
        ),
    ),
)
