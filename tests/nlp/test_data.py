from pathlib import Path

import msgspec
import pytest

from jerat.errors import DataError
from nlp import data


class Row(msgspec.Struct, frozen=True):
    id: str
    weight: float
    source: str = ""
    tags: tuple[str, ...] = ()


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_yaml_and_csv_are_read_alike(tmp_path: Path) -> None:
    yaml = write(tmp_path / "a.yaml", "- id: x\n  weight: 1.5\n- id: y\n  weight: 2\n  source: s\n")
    table = write(tmp_path / "a.csv", "# a comment\nid,weight,source\nx,1.5,\ny,2,s\n")
    assert data.rows(yaml, Row) == data.rows(table, Row) == [Row("x", 1.5), Row("y", 2.0, "s")]


def test_an_analyst_adds_and_overrides(tmp_path: Path) -> None:
    ours = write(tmp_path / "ours" / "a.yaml", "- {id: x, weight: 1}\n- {id: y, weight: 2}\n")
    write(tmp_path / "theirs" / "deep" / "a.yaml", "- {id: y, weight: 9}\n- {id: z, weight: 3}\n")
    assert [(row.id, row.weight) for row in data.rows(ours, Row, tmp_path / "theirs")] == [("x", 1), ("y", 9), ("z", 3)]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "a.yaml",
            "- id: x\n  weight: heavy\n",
            r"a\.yaml: entry 1 \(x\): Expected `float`, got `str` - at `\$\.weight`",
        ),
        ("a.yaml", "- weight: 1\n", r"entry 1: Object missing required field `id`"),
        ("a.yaml", "x: 1\n", "must be a list"),
        ("a.yaml", "- [1\n", "line 2, column 1"),
        ("a.yaml", "- {id: x, weight: 1}\n- {id: x, weight: 2}\n", "entry 2 has the id 'x' of entry 1"),
        ("a.csv", "id,weight\nx,heavy\n", r"entry 1 \(x\)"),
        ("a.csv", "id,weight\nx,1,2\n", "row 1 has more cells"),
        ("a.csv", 'id,weight\nx,"1\n', "line"),
        ("a.yaml", "- !!python/object:os.system {}\n", "could not determine a constructor"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        data.rows(write(tmp_path / name, text), Row)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.yaml cannot be read"):
        data.rows(tmp_path / "none.yaml", Row)
    (tmp_path / "bad.yaml").write_bytes(b"- id: \xff\n")
    with pytest.raises(DataError, match="byte 6 is not UTF-8"):
        data.rows(tmp_path / "bad.yaml", Row)
    with pytest.raises(DataError, match="lexicon folder"):
        data.rows(write(tmp_path / "a.yaml", ""), Row, tmp_path / "nowhere")


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    assert data.rows(write(tmp_path / "a.yaml", "# nothing yet\n"), Row) == []


def test_a_document_is_read_whole(tmp_path: Path) -> None:
    assert data.document(write(tmp_path / "a.yaml", "{id: x, weight: 1}"), Row) == Row("x", 1.0)
    with pytest.raises(DataError, match=r"a\.yaml"):
        data.document(write(tmp_path / "a.yaml", "[]"), Row)


def test_the_digest_follows_the_data(tmp_path: Path) -> None:
    before = data.digest()
    assert before == data.digest()
    assert len(before) == 12
    write(tmp_path / "x.yaml", "- 1")
    with_one = data.digest(tmp_path)
    write(tmp_path / "x.yaml", "- 2")
    assert len({before, with_one, data.digest(tmp_path)}) == 3
