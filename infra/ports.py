"""The ports that more than one part of the stack has to agree on."""

HTTP = 80
HTTPS = 443
# Where a release is tried before it gets any of the public's requests.
TEST_HTTPS = 8443
SERVICE = 8080
DATABASE = 5432
