"""Text as it was meant: disguises taken off, and every character's way back kept."""

from nlp.normalise.normaliser import normalise
from nlp.normalise.offsets import Normalised

__all__ = ["Normalised", "normalise"]
