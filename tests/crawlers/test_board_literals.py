"""What scripts assign is read without running anything: as a browser would have it, or not at all."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.board.data import assigned, opened
from crawlers.board.literals import read_literal
from crawlers.board.revive import revived
from crawlers.board.rules import BoardRules


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ('{"a": [1, 2.5, -3e2, true, null]}', {"a": [1, 2.5, -300.0, True, None]}),
        ("{a:1,'b':\"x\",\"c d\":void 0,e:!0,g:undefined,}", {"a": 1, "b": "x", "c d": None, "e": True, "g": None}),
        (r"'it\'s \u002F \x41 \u{1F600} 😀 \n'", "it's / A 😀 😀 \n"),
        ("`plain\ntext`", "plain\ntext"),
        ("[1,,3]", [1, None, 3]),
        ("[.5, 0x1F, 10n, 1e3]", [0.5, 31, 10, 1000.0]),
        ('{/* a comment */ a: 1, // and another\n b: 2}', {"a": 1, "b": 2}),
        ('(function(a,b){return {x:a,y:{z:b}}}("t",2))', {"x": "t", "y": {"z": 2}}),
        ('(function(a,b){return {x:a}})("t")', {"x": "t"}),
        ('(function(a,b,c){a.x=b;a.list[1]=c;a["k"]={d:a.x};return {got:a}}({list:[0]},1,"}"))'.replace("d:a.x", "d:b"),
         {"got": {"list": [0, "}"], "x": 1, "k": {"d": 1}}}),
        ("((a,b)=>({a,c:b}))(1,[2])", {"a": 1, "c": [2]}),
        ("(()=>{const x={};x.y=3;return x})()", {"y": 3}),
        ("(a=>[a,a])(7)", [7, 7]),
        (r'JSON.parse("{\"a\":\"\\u003Cb\\u003E\"}")', {"a": "<b>"}),
        ("Object.freeze({d:new Date(1700000000000),m:new Map([['k',1]]),s:new Set([1,2]),n:Array(2)})",
         {"d": 1700000000000, "m": {"k": 1}, "s": [1, 2], "n": [None, None]}),
    ],
)  # fmt: skip
def test_literals_are_read(script: str, value: Any) -> None:
    assert read_literal(script) == value


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ('{a: fetch("https://x.example")}', "fetch"),
        ("(function(){while(1){}}())", "no literal"),
        ("document.cookie", "document.cookie"),
        ("`a ${b}`", "template"),
        ("{a: b}", "'b'"),
        ("(function(a){a.x=a;return a}({}))", "holds itself"),
        ("[" * 5000, "nested too deeply"),
        ("(" * 5000, "nested too deeply"),
        ("{a:" * 3000 + "1", "nested too deeply"),
        ('{"a": "never ends', "without an end"),
        ("(function(a){return a", "not closed"),
        ("", "nothing"),
        ("{a:-'x'}", "sign"),
        ("(function(a){a.b.c=1;return a}({}))", "no object"),
    ],
)
def test_what_is_no_literal_is_refused_with_its_reason(script: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_literal(script)


def test_a_value_that_shares_its_parts_cannot_grow_without_end() -> None:
    names = [f"v{number}" for number in range(30)]
    body = "".join(f"{one}.x=[{two},{two},{two}];" for one, two in pairwise(names))
    script = f"(function({','.join(names)}){{{body}return {names[0]}}}({','.join('{}' for _ in names)}))"
    with pytest.raises(ValueError, match="values"):
        read_literal(script)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(_JSON)
def test_json_in_a_function_is_what_it_is_outside(value: Any) -> None:
    assert read_literal(f"(function(a){{return {{v:a}}}}({json.dumps(value)}))") == {"v": value}
    assert read_literal(json.dumps(value)) == value


@given(st.text(alphabet="{}[]()'\"`\\:,;=a1.!-/* \nfunctionreturn=>", max_size=80))
def test_anything_else_is_a_value_or_a_reason(script: str) -> None:
    try:
        read_literal(script)
    except ValueError:
        return


def test_flat_lists_of_nuxt_stand_for_what_they_name() -> None:
    flat = [
        ["ShallowReactive", 1],
        {"data": 2, "none": -1},
        [3, 4],
        {"title": 5, "when": 6},
        True,
        "Typist",
        ["Date", "2026-11-01"],
    ]
    assert revived(flat) == {"data": [{"title": "Typist", "when": "2026-11-01"}, True], "none": None}
    with pytest.raises(ValueError, match="holds itself"):
        revived([{"a": 0}])
    with pytest.raises(ValueError, match="not a list"):
        revived({"a": 1})


@pytest.mark.parametrize(
    "script",
    [
        "window.STATE = {a: 1}",
        "window['STATE']={a:1};",
        "var STATE={a:1}",
        "self.STATE=(function(x){return {a:x}}(1))",
        "STATE == 2; OTHER_STATE = {a: 9}; STATE = {a: 1}",
        "window.STATE = window.STATE || {}; window.STATE = {a: 1}",
    ],
)
def test_an_assignment_is_found_by_its_name(script: str) -> None:
    assert next(assigned(script, "window.STATE", [])) == {"a": 1}


def test_data_that_cannot_be_read_is_told_and_the_next_source_is_tried() -> None:
    markup = '<script>window.A = load();</script><script id=b type=application/json>{"x": 1}</script>'
    page = opened(markup, "https://x.example/", BoardRules(data={"state": ("var:window.A", "css:script#b")}))
    assert page.data == {"state": {"x": 1}}
    assert "without running it" in page.problems[0]


def test_an_answer_that_is_json_is_data() -> None:
    assert opened('\ufeff [{"a": 1}]', "https://x.example/", None).data == [{"a": 1}]
    assert opened("{not json", "https://x.example/", None).root is not None
    assert opened("[" * 100_000, "https://x.example/", None).data is None
