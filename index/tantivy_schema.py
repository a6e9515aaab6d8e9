"""The schema of the embedded index, made from the one description of the fields."""

import hashlib
from typing import Final

import tantivy

from index.entry import HAS, Entry, key_field
from index.facets import INTERVALS
from index.fields import FIELDS

__all__ = ["FORMAT", "SCHEMA", "make_document", "ranks"]

_REVISION: Final = 2
"""To be raised when documents are made ready in another way, with the same fields."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("body", stored=True)
    for name in ("seq", "rank_high", "rank_low"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for field in FIELDS:
        if field.kind == "words":
            builder.add_text_field(field.name, tokenizer_name="whitespace", index_option="position")
        elif field.kind == "keyword":
            builder.add_text_field(key_field(field.name), tokenizer_name="raw", index_option="basic")
            if field.facet:
                builder.add_text_field(field.name, tokenizer_name="raw", index_option="basic", fast=True)
        elif field.kind == "number":
            builder.add_float_field(field.name, indexed=True, fast=True)
        else:
            builder.add_integer_field(field.name, indexed=True, fast=True)
    for name in (HAS, "tile", *INTERVALS.values()):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


SCHEMA: Final = _schema()

FORMAT: Final = hashlib.blake2b(
    repr((_REVISION, [(field.name, field.kind, bool(field.facet)) for field in FIELDS])).encode(), digest_size=8
).hexdigest()
"""Names what is on disk: an index of another format is dropped and made anew from the case."""


def ranks(post_id: str) -> tuple[int, int]:
    """The first sixteen bytes of an id as two numbers, in the order of the ids."""
    padded = post_id.encode()[:16].ljust(16, b"\0")
    return int.from_bytes(padded[:8], "big"), int.from_bytes(padded[8:], "big")


def make_document(entry: Entry, seq: int) -> tantivy.Document:
    """An entry as tantivy takes it."""
    document = tantivy.Document()
    document.add_text("id", entry.id)
    document.add_bytes("body", entry.body.encode())
    document.add_unsigned("seq", seq)
    for name, rank in zip(("rank_high", "rank_low"), ranks(entry.id), strict=True):
        document.add_unsigned(name, rank)
    for name, found in entry.words.items():
        if found:
            document.add_text(name, " ".join(found))
    for name, values in entry.keywords.items():
        if name in _EXACT:
            for value in values:
                document.add_text(name, value)
    for name, numbers in entry.numbers.items():
        for number in numbers:
            document.add_float(name, number)
    for name, wholes in entry.wholes.items():
        for whole in wholes:
            document.add_integer(name, whole)
    return document


_EXACT: Final = frozenset(
    [key_field(field.name) for field in FIELDS if field.kind == "keyword"]
    + [field.name for field in FIELDS if field.kind == "keyword" and field.facet]
    + [HAS, "tile", *INTERVALS.values()]
)
