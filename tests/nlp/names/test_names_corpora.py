"""The corpora's formats, by tiny corpora that are invented here."""

from pathlib import Path
from random import Random

import pytest
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from jerat.errors import InputError
from nlp.names.adverts import adverts
from nlp.names.convert import cased, convert, gold, reader, unmarked_words
from nlp.names.corpora import CORPORA, LABELS, Corpus, Sentence
from nlp.places.gazetteer import gazetteer

BY_NAME = {corpus.name: corpus for corpus in CORPORA}


def marked(name: str, lines: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The sentences as (text, [(surface, label)])."""
    found = BY_NAME[name].parse(lines.splitlines(keepends=True))
    return [(text, [(text[start:end], label) for start, end, label in names]) for text, names in found]


def test_words_and_labels_in_two_columns() -> None:
    lines = (
        "Bu\tO\nRina\tB-PERSON\nKusuma\tI-PERSON\ndi\tO\nBatam\tB-PLACE\n\nPT\tB-ORGANISATION\nMaju\tI-ORGANISATION\n"
    )
    assert marked("nergrit", lines) == [
        ("Bu Rina Kusuma di Batam", [("Rina Kusuma", "PER"), ("Batam", "LOC")]),
        ("PT Maju", [("PT Maju", "ORG")]),
    ]


def test_labels_that_are_no_names_to_us_end_a_name_and_are_none() -> None:
    lines = "rina\tB-PPL\nponsel\tB-IND\nx\tI-IND\nbudi\tI-PPL\nbatam\tB-PLC\nmedan\tB-PLC\n"
    assert marked("nerp", lines) == [
        ("rina ponsel x budi batam medan", [("rina", "PER"), ("budi", "PER"), ("batam", "LOC"), ("medan", "LOC")])
    ]


def test_three_columns_with_spaces() -> None:
    assert marked("idner", "Rina PROPN B-PER\ndatang VERB O\n\n\n\nMaju PROPN B-ORG\n") == [
        ("Rina datang", [("Rina", "PER")]),
        ("Maju", [("Maju", "ORG")]),
    ]


def test_groups_and_corporations_are_organisations_and_products_nothing() -> None:
    lines = "Acme\tB-corporation\nphone\tB-product\nfans\tB-group\nX\tB-creative-work\nY\tI-creative-work\n"
    assert marked("wnut17", lines) == [("Acme phone fans X Y", [("Acme", "ORG"), ("fans", "ORG")])]


def test_characters_with_their_place_in_the_word_named_mentions_only() -> None:
    assert marked("weibo", "王0\tB-PER.NAM\n强1\tI-PER.NAM\n老0\tB-PER.NOM\n师1\tI-PER.NOM\n20\tO\n") == [
        ("王强老师2", [("王强", "PER")])
    ]


def test_comments_and_numbered_words() -> None:
    lines = "# text = 王强在昆明\n1\t王强\tB-PER\t-\t-\n2\t在\tO\t-\t-\n3\t昆明\tB-LOC\t-\t-\n"
    assert marked("gsdsimp", lines) == [("王强在昆明", [("王强", "PER"), ("昆明", "LOC")])]


def test_tokens_that_are_white_space() -> None:
    assert marked("thainer", "นาย\tB-PERSON\nใจ\tI-PERSON\n \tI-PERSON\nดี\tI-PERSON\n \tO\nมา\tO\n") == [
        ("นายใจ ดี มา", [("นายใจ ดี", "PER")])
    ]


def test_every_tenth_sentence_is_kept_apart_where_there_is_no_part_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "th_thainer"
    folder.mkdir()
    (folder / "train.conll").write_text("".join(f"w{number}\tO\n\n" for number in range(40)), encoding="utf-8")
    train, dev = (BY_NAME["thainer"].read(tmp_path, part) for part in ("train", "dev"))
    assert [one.text for one in dev] == ["w7", "w17", "w27", "w37"]
    assert len(train) == 36
    assert not {one.text for one in train} & {one.text for one in dev}


@pytest.mark.parametrize(
    ("content", "words"), [(b"\xff\tO\n", "not UTF-8"), (b"a\tb\n", "columns"), (None, "cannot be read")]
)
def test_what_is_no_corpus_is_named(tmp_path: Path, content: bytes | None, words: str) -> None:
    folder = tmp_path / "zh_gsdsimp"
    folder.mkdir()
    if content is not None:
        (folder / "zh_gsdsimp-ud-train.iob2").write_bytes(content)
    with pytest.raises(InputError, match=words):
        BY_NAME["gsdsimp"].read(tmp_path, "train")


def test_a_name_that_is_no_whole_token_is_left_open() -> None:
    vocab, places = Vocab(), gazetteer()
    doc = gold(vocab, Sentence("abcdef Rina", ((2, 5, "ORG"), (7, 11, "PER"))), places)
    assert [(span.text, span.label_) for span in doc.ents] == [("Rina", "PER")]
    assert [token.ent_iob_ for token in doc] == ["", "B"]


def test_words_of_organisations_are_left_open_where_they_are_not_marked() -> None:
    sentences = [Sentence("kantor Polri di Medan", ((7, 12, "ORG"), (16, 21, "LOC"))), Sentence("di kantor polri", ())]
    doubtful = unmarked_words(sentences)
    assert doubtful == {"polri"}
    doc = gold(Vocab(), Sentence("kata polri Rina di medan", ((11, 15, "PER"),)), gazetteer(), doubtful)
    assert [token.ent_iob_ for token in doc] == ["O", "", "B", "", "O"]


def test_disguised_text_keeps_its_names_in_place() -> None:
    text = "Ｒｉｎａ di Ba\u200btam"
    doc = gold(Vocab(), Sentence(text, ((0, 4, "PER"), (8, len(text), "LOC"))), gazetteer())
    assert [(span.text, span.label_) for span in doc.ents] == [("Rina", "PER"), ("Batam", "LOC")]
    assert [token.tag_ for token in doc][-1].startswith("B-hub")


def test_letter_case_is_changed_where_the_length_stays() -> None:
    sentence = Sentence("Rina di Batam", ((0, 4, "PER"),))
    assert cased(sentence, 0.0).text == "rina di batam"
    assert cased(sentence, 0.21).text == "RINA DI BATAM"
    assert cased(sentence, 0.9) == sentence
    assert cased(Sentence("Straße", ()), 0.21).text == "Straße"


def test_invented_advertisements_have_their_names_where_they_say() -> None:
    found = list(adverts(Random(3), 2))
    assert found == list(adverts(Random(3), 2))
    labels = {label for _, names in found for *_, label in names}
    assert labels == set(LABELS)
    for text, names in found:
        assert "{" not in text
        assert "\n" not in text
        for start, end, _ in names:
            assert text[start:end].strip() == text[start:end] != ""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Corpus, ...]]:
    """A corpus of one language in a folder."""
    root = tmp_path_factory.mktemp("corpora")
    corpus = BY_NAME["idner"]._replace(copies=2)
    (root / corpus.folder).mkdir()
    lines = "".join(f"Rina{number} PROPN B-PER\ntiba VERB O\ndi ADP O\nMedan PROPN B-LOC\n\n" for number in range(20))
    for part in (corpus.train, corpus.dev):
        (root / corpus.folder / part).write_text(lines, encoding="utf-8")
    return root, (corpus,)


def test_files_for_training_hold_every_sentence(tmp_path: Path, tiny: tuple[Path, tuple[Corpus, ...]]) -> None:
    root, corpora = tiny
    counts = convert(root, tmp_path, corpora)
    vocab = Vocab()
    docs = list(DocBin().from_disk(tmp_path / "train.spacy").get_docs(vocab))
    assert counts["idner"] == 40
    assert len(docs) == sum(counts.values())
    assert [(span.text, span.label_) for span in docs[0].ents] == [("Rina0", "PER"), ("Medan", "LOC")]
    assert len(list(DocBin().from_disk(tmp_path / "dev.spacy").get_docs(vocab))) == 20


def test_what_is_predicted_has_the_same_tokens_and_tags_and_no_names(
    tmp_path: Path, tiny: tuple[Path, tuple[Corpus, ...]]
) -> None:
    import spacy

    root, corpora = tiny
    convert(root, tmp_path, corpora)
    read = reader(tmp_path / "dev.spacy")
    for example in read(spacy.blank("xx")):
        assert [token.text for token in example.predicted] == [token.text for token in example.reference]
        assert [token.tag_ for token in example.predicted] == [token.tag_ for token in example.reference]
        assert example.reference.ents
        assert not example.predicted.ents
