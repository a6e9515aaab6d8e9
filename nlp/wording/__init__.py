"""How a text is worded: runs of characters weighed by a small linear model that was trained on labelled posts.

Terms find what somebody thought of; this finds what is said in other words. It is one sign among others, never the judgement.
"""

from nlp.context import Context
from nlp.wording.grams import grams
from nlp.wording.model import HEADS, MODEL, Worded, Wording, in_force, load_wording, using

__all__ = ["HEADS", "MODEL", "Worded", "Wording", "grams", "in_force", "load_wording", "using", "worded"]


def worded(context: Context) -> Worded:
    """How the text of `context` is worded; read once, by who asks first."""
    found: Worded | None = context.cache.get("wording")
    if found is None:
        context.cache["wording"] = found = in_force().read(context.lower)
    return found
