"""The few things that can go wrong in the office, each one a caller can act on."""


class OfficeError(Exception):
    """Base of every error the office raises on purpose."""


class BadFactFile(OfficeError):
    """A file of facts cannot be loaded; the text names file, line and reason. Nothing was changed."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


class UnknownTrust(OfficeError):
    """A trust was named that no file of facts describes."""


class DatabaseAway(OfficeError):
    """The database cannot be reached, or gave up waiting."""


class ConsentMissing(OfficeError):
    """Somebody's details were to be kept without their consent."""


class UnreachableLead(OfficeError):
    """A lead has neither an e-mail address nor a phone number."""


class NotFound(OfficeError):
    """There is nothing of that id, or no longer."""


class NotAllowed(OfficeError):
    """This member of staff may not do that."""


class Conflict(OfficeError):
    """Somebody else changed it meanwhile; the text says what. Nothing was overwritten."""


class BadInput(OfficeError):
    """A field cannot be taken as it is; the text is one sentence for the person who filled it in."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


class NoPlace(OfficeError):
    """Every place of that term is taken."""
