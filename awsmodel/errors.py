"""What the model of AWS cannot do, said so that a person can act on it."""


class ModelError(Exception):
    """A resource type, property or value that the model does not know.

    `property_path` names the property at fault in Pulumi's spelling, or is empty.
    """

    def __init__(self, message: str, *, property_path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.property_path = property_path
