"""What the sandbox tells a person when it cannot go on."""


class SandboxError(Exception):
    """A failure that a person can act on.

    `message` says what was given and what is allowed; `hint` says what to do next.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
