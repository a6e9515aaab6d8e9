"""The language of a text."""

import pycld2

from nlp.context import Context, component

__all__ = ["detect"]


@component("language", version=1)
def recognise(context: Context) -> None:
    """Set the language of the context."""
    context.language = detect(context.text)


def detect(text: str) -> str:
    """First form: pycld2 alone."""
    try:
        _, _, details = pycld2.detect(text, bestEffort=True)
    except pycld2.error:
        return "und"
    code = details[0][1].split("-")[0]
    return "und" if code == "un" else code
