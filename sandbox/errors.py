"""What the sandbox tells a person when it cannot go on."""


class SandboxError(Exception):
    """A failure that a person can act on.

    `message` says what was given and what is allowed; `hint` says what to do next.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def cannot_write(error: OSError) -> SandboxError:
    """Tell a person that the sandbox's own files cannot be written, most often for want of room."""
    return SandboxError(
        f"cannot write {error.filename or 'under .sandbox'}: {error.strerror}",
        "free some space, or give yourself the right to write there, and try again; nothing saved is lost",
    )
