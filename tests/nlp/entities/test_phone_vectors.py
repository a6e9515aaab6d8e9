"""The public vectors of phonenumbers, read with its real plans: numbers in text, in contexts, and examples of all countries."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def module(shared_data: Path) -> ast.Module:
    return ast.parse((shared_data / "vectors/phone/phonenumbermatchertest.py").read_text(encoding="utf-8"))


def _text(node: ast.expr) -> str:
    """A string, `u(...)` around it or not, or the sum of such."""
    if isinstance(node, ast.Call):
        return _text(node.args[0])
    if isinstance(node, ast.BinOp):
        return _text(node.left) + _text(node.right)
    return str(ast.literal_eval(node))


def _e164(number: str, region: str) -> str:
    """The number in E.164; empty where it is none in its plan."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return ""
    valid = phonenumbers.is_valid_number(parsed)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164) if valid else ""


def _phones(contacts: Callable[..., set[str]], text: str, region: str) -> set[str]:
    return {value.partition(" ")[2] for value in contacts(text, region) if value.startswith("phone ")}


def _cases(module: ast.Module, name: str) -> Iterator[tuple[str, str]]:
    for node in module.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            assert isinstance(node.value, ast.List)
            for case in node.value.elts:
                assert isinstance(case, ast.Call)
                yield _text(case.args[0]), _text(case.args[1])


@pytest.mark.parametrize(
    ("name", "cases"), [("VALID_CASES", 18), ("STRICT_GROUPING_CASES", 6), ("EXACT_GROUPING_CASES", 22)]
)
def test_every_number_that_is_named_as_one_is_found(
    name: str, cases: int, module: ast.Module, contacts: Callable[..., set[str]]
) -> None:
    valid = [(text, region, number) for text, region in _cases(module, name) if (number := _e164(text, region))]
    assert len(valid) == cases
    wrong = [case for case in valid if _phones(contacts, f"Tel: {case[0]}", case[1]) != {case[2]}]
    assert not wrong


def test_what_cannot_be_a_number_is_none(module: ast.Module, contacts: Callable[..., set[str]]) -> None:
    cases = list(_cases(module, "IMPOSSIBLE_CASES"))
    assert len(cases) == 17
    for text, region in cases:
        assert not _phones(contacts, text, region)
        assert not _phones(contacts, f"Tel: {text}", region)


def _calls(tree: ast.AST, name: str) -> Iterator[Any]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name in (getattr(node.func, "id", ""), getattr(node.func, "attr", "")):
            yield node


def test_numbers_in_their_contexts(module: ast.Module, contacts: Callable[..., set[str]]) -> None:
    around = [
        (before, after)
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and node.name in ("findPossibleInContext", "findValidInContext")
        for call in _calls(node, "NumberContext")
        for before, after in [(_text(call.args[0]), _text(call.args[1]))]
        if not before.endswith("Hi call") and after != "forme"  # glued to letters: possible, but not valid
    ]
    numbers = [
        (_text(call.args[0]), _text(call.args[1]))
        for call in _calls(module, "doTestFindInContext")
        if not isinstance(call.args[0], ast.Name)
    ]
    valid = [(text, region, number) for text, region in numbers if (number := _e164(text, region))]
    assert (len(around), len(valid)) == (20, 49)
    found = sum(
        number in _phones(contacts, before + text + after, region)
        for text, region, number in valid
        for before, after in around
    )
    # Not found: those glued to a letter (`at033316005`), prefixes to dial by other companies, free numbers without a name.
    assert found >= 890, f"{found} of 980"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("", "", True), ("$20 ", "", True), ("", " 100$", True), ("$", "", False), ("", "%", False), ("£", "", False),
        ("¥", "", False), ("abc", "def", False), ("abc", "", False), ("", "def", False), ("É", "", False),
        ("我的电话号码是", "", True), ("", "是我的电话号码", True), ("请拨打", "我在明天", True),
        ("My number-", "", True), ("", ".Nice day.", True), ("Tel:", ".", True), ("Tel: ", " on Saturdays.", True),
    ],
)  # fmt: skip
def test_what_stands_around_a_number(before: str, after: str, found: bool, contacts: Callable[..., set[str]]) -> None:
    assert _phones(contacts, f"{before}415-666-7777{after}", "US") == ({"+14156667777"} if found else set())


def test_several_numbers(contacts: Callable[..., set[str]]) -> None:
    row = "415-666-7777 - 800-443-1223 - 212-443-1223 - 650-443-1223"
    assert len(_phones(contacts, f"Call {row}", "US")) == 4
    assert _phones(contacts, "(415) 666-7777 (212) 443-1223", "US") == {"+14156667777", "+12124431223"}
    text = "My address is CA 34215 - 415-666-7777 is my number."
    assert _phones(contacts, text, "US") == {"+14156667777"}


@pytest.mark.parametrize("form", [PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164])
@pytest.mark.parametrize("sort", [PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE])
def test_the_examples_of_all_countries(form: int, sort: int, contacts: Callable[..., set[str]]) -> None:
    missed = []
    tried = 0
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        number = phonenumbers.example_number_for_type(region, sort)
        if number is None:
            continue
        tried += 1
        text = "Tel: " + phonenumbers.format_number(number, form)
        if _phones(contacts, text, region) != {phonenumbers.format_number(number, PhoneNumberFormat.E164)}:
            missed.append((region, text))
    assert tried > 240
    assert not missed
