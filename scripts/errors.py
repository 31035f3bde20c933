"""What a command tells a person when it cannot go on."""


class CommandError(Exception):
    """A failure that a person can act on.

    `message` says what was given and what is allowed; `hint` says what to do next;
    `exit_code` is 1 for "no" and 2 for "could not tell".
    """

    def __init__(self, message: str, hint: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
