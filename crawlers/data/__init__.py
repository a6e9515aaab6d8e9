"""The word lists of the crawlers, in YAML beside this file, each with its source."""

from importlib.resources import files
from typing import TypeVar

import msgspec
import yaml

from jerat.errors import DataError

__all__ = ["load"]

T = TypeVar("T")


def load(name: str, form: type[T]) -> T:
    """The data file `name`, checked against `form`. Raises DataError naming the file and the mistake."""
    try:
        raw = yaml.load(files("crawlers.data").joinpath(name).read_text("utf-8"), Loader=yaml.CSafeLoader)
        return msgspec.convert(raw, form)
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise DataError(f"the data file crawlers/data/{name} cannot be used: {error}") from error
