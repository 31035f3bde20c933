"""What the passwords of an account's users must be."""

from awsmodel.resource import Call, Example, ResourceType

ACCOUNT_PASSWORD_POLICY = ResourceType(
    token="aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
    service="iam",
    create=Call(operation="update_account_password_policy"),
    # an account has one, which has no name
    id=lambda known: "iam-account-password-policy",
    read=Call(operation="get_account_password_policy", result="PasswordPolicy"),
    updates=(Call(operation="update_account_password_policy", whole=True),),
    delete=Call(operation="delete_account_password_policy"),
    list=Call(
        operation="get_account_password_policy",
        result="['iam-account-password-policy']",
        unless=frozenset({"NoSuchEntity"}),
    ),
    defaults={"allowUsersToChangePassword": True, "minimumPasswordLength": 6},
    gone=frozenset({"NoSuchEntity"}),
    example=Example(
        inputs=lambda need: {
            "minimumPasswordLength": 14,
            "requireSymbols": True,
            "requireNumbers": True,
            "requireUppercaseCharacters": True,
            "requireLowercaseCharacters": True,
            "passwordReusePrevention": 24,
        },
        update=lambda need: {
            "minimumPasswordLength": 20,
            "requireSymbols": False,
            "passwordReusePrevention": 12,
            "maxPasswordAge": 90,
            "hardExpiry": True,
        },
    ),
)
