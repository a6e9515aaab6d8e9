"""What jerat raises when it cannot do what it was asked: one sentence that a person can act on."""

__all__ = [
    "CaseError",
    "DataError",
    "IndexUnavailable",
    "InputError",
    "JeratError",
    "QueryError",
    "Rejected",
    "SettingsError",
]


class JeratError(Exception):
    """Base of all errors that are shown to people as they stand, without a traceback.

    The message says what happened and to which thing; `hint` says what to do about it, and may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class SettingsError(JeratError):
    """A setting, in the environment or in the TOML file, that cannot be used."""

    exit_code = 2


class InputError(JeratError):
    """An argument, a file or a line given by the user that cannot be read."""

    exit_code = 2


class DataError(JeratError):
    """A data file of jerat or of an analyst (lexicon, places, sources) that does not fit its schema."""

    exit_code = 2


class CaseError(JeratError):
    """A case folder that cannot be opened, or was made by a newer jerat."""


class IndexUnavailable(JeratError):  # noqa: N818 -- it names the state, and callers read it as one
    """The search engine does not answer, or is of a version that jerat does not speak; posts wait in the outbox."""


class QueryError(JeratError):
    """A query that cannot be understood. `position` counts code points from the start of `query`, -1 if unknown."""

    exit_code = 2

    def __init__(self, message: str, query: str = "", position: int = -1, hint: str = "") -> None:
        super().__init__(message, hint)
        self.query = query
        self.position = position


class Rejected(JeratError):  # noqa: N818 -- a verdict on one post, not a failure of the run
    """A post that a step of the pipeline cannot take; it goes to the dead letters with this reason."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(f"{step}: {reason}")
        self.step = step
        self.reason = reason
