import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mooring.configs import ConfigUnreadable, Document, load_document, read_document
from mooring.errors import MooringError
from mooring.findings import Span

YAML = "---\nentryScript: score.py\nenvironment:\n  python:\n    - a\n    - {b: True}\n\n\nruntime:\n"


def spot(text, document, path):
    """The text under a span, found the way an editor would."""
    span = document.span_of(path)
    lines = text.replace("\r\n", "\n").split("\n")
    assert span.line == span.end_line
    return lines[span.line - 1][span.column - 1 : span.end_column - 1]


def codes(document):
    return [finding.code for finding in document.findings]


def test_json_values_keep_their_places():
    text = '{"a": 1,\n "b": {"c": [10, "x"]}}'
    document = read_document(text)

    assert document.value == {"a": 1, "b": {"c": [10, "x"]}}
    assert document.syntax == "json"
    assert document.span_of(("b", "c", 1)) == Span(2, 18, 2, 21)
    assert document.key_span_of(("b", "c")) == Span(2, 8, 2, 11)
    assert document.span_of(()) == Span(1, 1, 2, 24)


def test_yaml_values_keep_their_places():
    document = read_document(YAML)

    assert document.syntax == "yaml"
    assert document.value == {
        "entryScript": "score.py",
        "environment": {"python": ["a", {"b": True}]},
        "runtime": None,
    }
    assert document.span_of(("entryScript",)) == Span(2, 14, 2, 22)
    assert document.key_span_of(("environment", "python")) == Span(4, 3, 4, 9)
    assert spot(YAML, document, ("environment", "python", 1, "b")) == "True"


def test_a_block_ends_with_its_last_value_not_where_the_next_one_starts():
    assert read_document(YAML).span_of(("environment",)) == Span(4, 3, 6, 16)


def test_a_value_that_is_not_there_has_the_place_of_what_should_hold_it():
    document = read_document(YAML)

    assert document.span_of(("environment", "docker")) == document.span_of(("environment",))
    assert document.key_span_of(("environment", "docker")) == document.span_of(("environment",))


def test_columns_count_code_points():
    text = '{"é😀": "𐍈y", "k": 7}'
    document = read_document(text)

    assert document.span_of(("k",)) == Span(1, 19, 1, 20)
    assert spot(text, document, ("é😀",)) == '"𐍈y"'


def test_only_line_feeds_and_carriage_returns_end_a_line():
    document = read_document('{"a": "\u2028\u0085", "b": 2}')

    assert document.value["a"] == "\u2028\u0085"
    assert document.span_of(("b",)).line == 1


def test_a_byte_order_mark_takes_no_column(tmp_path):
    path = tmp_path / "dc.json"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}')

    assert load_document(path).span_of(("a",)) == Span(1, 7, 1, 8)
    assert read_document('\ufeff{"a": 1}').span_of(("a",)) == Span(1, 7, 1, 8)


def test_windows_line_ends_count_once():
    document = read_document('{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n')

    assert document.span_of(("b",)) == Span(3, 8, 3, 9)


def test_tabs_are_white_space_in_json():
    document = read_document('{\n\t"a":\t1,\n\t"b": "x\ty"\n}')

    assert document.value == {"a": 1, "b": "x\ty"}
    assert document.span_of(("a",)) == Span(2, 7, 2, 8)
    assert document.findings == ()


def test_a_trailing_comma_in_json_is_a_warning_at_the_comma():
    document = read_document('{"a": [1, 2,],\n}')

    assert document.value == {"a": [1, 2]}
    assert [(f.code, f.severity, f.span) for f in document.findings] == [
        ("json-trailing-comma", "warning", Span(1, 12, 1, 13)),
        ("json-trailing-comma", "warning", Span(1, 14, 1, 15)),
    ]


@pytest.mark.parametrize("comment", ["// a, b]", "/* a\n } */"])
def test_comments_in_json_are_warnings(comment):
    document = read_document(f'{{"a": 1, {comment}\n "b": 2}}')

    assert document.value == {"a": 1, "b": 2}
    assert codes(document) == ["json-comment"]


@pytest.mark.parametrize("value", ["http://host//x", "/* no */", 'a \\" // b', "# no", ",}"])
def test_what_looks_like_a_comment_inside_a_text_is_text(value):
    text = f'{{"a": "{value}"}}'

    assert read_document(text).value == json.loads(text)
    assert read_document(text).findings == ()


def test_capitalised_true_is_read_and_warned_about_in_json_only():
    in_json = read_document('{"a": True, "b": [False, None]}')

    assert in_json.value == {"a": True, "b": [False, "None"]}
    assert codes(in_json) == ["json-unquoted"] * 3
    assert read_document("a: True\nb: FALSE").findings == ()
    assert read_document("a: True\nb: FALSE").value == {"a": True, "b": False}


def test_a_word_that_could_be_a_secret_is_not_repeated():
    document = read_document('{"primaryKey": hunter2}')

    assert "hunter2" not in str(document.findings)
    assert "hunter2" not in repr(document)


@pytest.mark.parametrize("name", ["ic.yml", "IC.YAML"])
def test_braces_in_a_yaml_file_are_yaml(name):
    document = read_document("{a: b, c: [1,]}", path=name)

    assert document.value == {"a": "b", "c": [1]}
    assert (document.syntax, document.findings) == ("yaml", ())


def test_numbers_are_those_of_json():
    assert read_document('{"a": 1e3, "b": -0.5E-1, "c": 12}').value == {"a": 1000.0, "b": -0.05, "c": 12}


def test_escapes_are_those_of_json():
    text = r'{"a": "\ud83d\ude00\/\u00e9", "b": "\ud83d"}'

    assert read_document(text).value == {"a": "😀/é", "b": "\ufffd"}


def test_of_two_equal_keys_the_last_counts_and_the_doubt_is_said():
    document = read_document('{"a": 1,\n "a": 2}')

    assert document.value == {"a": 2}
    assert [(f.code, f.severity, f.span.line) for f in document.findings] == [("duplicate-key", "warning", 2)]
    assert document.span_of(("a",)).line == 2


def test_a_second_document_is_an_error_finding():
    document = read_document("a: 1\n---\nb: 2\n")

    assert document.value == {"a": 1}
    assert [(f.code, f.severity, f.span.line) for f in document.findings] == [
        ("several-documents", "error", 3)
    ]


def test_anchors_and_merges_are_followed():
    document = read_document("x: &x {cpu: 1, m: 2}\ny:\n  <<: *x\n  cpu: 3\nz: *x\n")

    assert document.value["y"] == {"cpu": 3, "m": 2}
    assert document.value["z"] == {"cpu": 1, "m": 2}
    assert document.span_of(("y", "m")).line == 1


def test_dates_and_foreign_tags_stay_text():
    document = read_document(
        "a: 2020-01-01\nb: !!python/object/apply:os.system [ls]\nc: !Ref name\nd: !!int x"
    )

    assert document.value == {"a": "2020-01-01", "b": ["ls"], "c": "name", "d": "x"}


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ('{"a": 1\n "b": 2}', 2, 2, "a comma is missing before this"),
        ('{"a": ["x"\n "b"],}', 2, 2, "a comma is missing before this"),
        ("[1\n 2]", 2, 2, "a comma is missing before this"),
        ("[a\n 2]", 1, 2, "a comma or a quote is missing here"),
        ('{"a":', 1, 6, "found the end of the file"),
        ('{"a": 1}\n{"b": 2}', 2, 1, "expected the end of the file"),
        ("a: b: c", 1, 5, "mapping values are not allowed here"),
        ("a:\n\tb: 1", 2, 1, "cannot start any token"),
        ("a: \x00", 1, 4, "character U+0000 is not allowed"),
        ("? [a]\n: b", 1, 3, "a key must be a word"),
        ("a: &a [*a]", 1, 4, "an alias contains itself"),
    ],
)
def test_what_is_neither_json_nor_yaml_is_refused_at_its_place(text, line, column, reason):
    with pytest.raises(ConfigUnreadable) as caught:
        read_document(text, path="ic.json", flag="--inference-config-file")

    assert (caught.value.span.line, caught.value.span.column) == (line, column)
    assert reason in caught.value.reason
    assert caught.value.problem.startswith(
        f"Error parsing --inference-config-file. Must be valid JSON or YAML file. ic.json:{line}:{column}: "
    )
    assert caught.value.to_finding().span == caught.value.span


@pytest.mark.parametrize("text", ["", "   \n", "# only a comment", "---\n"])
def test_an_empty_file_is_refused_in_v1s_words(text, tmp_path):
    path = tmp_path / "ic.json"
    path.write_text(text)

    if (
        text == "---\n"
    ):  # an explicit document with nothing in it is null, which no reader of configurations takes
        assert load_document(path).value is None
        return
    with pytest.raises(
        ConfigUnreadable, match=r"Error parsing --ic\. Must be valid JSON or YAML file\..*is empty"
    ):
        load_document(path, flag="--ic")


def test_a_missing_file_is_refused_in_v1s_words(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ConfigUnreadable) as caught:
        load_document("nowhere.json", flag="--inference-config-file")

    assert "Error parsing --inference-config-file. Must be valid JSON or YAML file." in str(caught.value)
    assert f"nowhere.json: there is no such file in {tmp_path}." in str(caught.value)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(ConfigUnreadable, match="Is a directory"):
        load_document(tmp_path)


def test_bytes_that_are_not_utf8_are_refused_at_their_place(tmp_path):
    path = tmp_path / "ic.yml"
    path.write_bytes("é: 1\nb: ".encode() + b"\xe9\n")

    with pytest.raises(ConfigUnreadable, match="byte 0xe9 is not UTF-8") as caught:
        load_document(path)
    assert caught.value.span == Span(2, 4, 2, 4)


def test_utf16_is_named(tmp_path):
    path = tmp_path / "ic.json"
    path.write_text('{"a": 1}', encoding="utf-16")

    with pytest.raises(ConfigUnreadable, match="UTF-16, save it as UTF-8"):
        load_document(path)


@pytest.mark.parametrize(
    "text", ["[" * 5000, "{a: " * 5000, "- " * 5000 + "x", '"\\UFFFFFFFF"', "a: 1\n b: 2"]
)
def test_malice_is_refused_not_crashed_on(text):
    with pytest.raises(ConfigUnreadable):
        read_document(text)


def test_aliases_of_aliases_do_not_unfold():
    laughs = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )

    with pytest.raises(ConfigUnreadable, match="too many values"):
        read_document(laughs)


def spans_are_inside(document: Document) -> bool:
    lines = len(document.text) + 1
    spans = [document.span_of(()), *(finding.span for finding in document.findings)]
    if isinstance(document.value, dict):
        spans += [document.key_span_of((key,)) for key in document.value]
    return all(1 <= s.line <= s.end_line <= lines and min(s.column, s.end_column) >= 1 for s in spans)


PIECES = ['"', "'", "{", "}", "[", "]", ":", ",", "//", "/*", "*/", "#", "\t", "\n", "\r", " ", "- ", "&a", "*a",
          "<<", "---", "...", "!!int", "!x", "|", ">", "%", "\\u", "\\", "\ufeff", "é", "😀", "\u2028", "\x85", "~",
          "true", "1e9", "0b_", "a", ": ", "? ", "\x00", "+.inf", "1:60", "@", "`"]  # fmt: skip


def reading_of(read, source):
    """The document, or the error's text."""
    try:
        return read(source)
    except MooringError as error:
        return str(error)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
def test_any_text_is_a_document_or_a_clear_error(text):
    outcome = reading_of(read_document, text)

    assert spans_are_inside(outcome) if isinstance(outcome, Document) else outcome.startswith("text")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_any_file_is_a_document_or_a_clear_error(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "ic.json"
    path.write_bytes(content)

    outcome = reading_of(load_document, path)

    assert spans_are_inside(outcome) if isinstance(outcome, Document) else str(path) in outcome


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    value=st.dictionaries(st.text("abc<=", min_size=1, max_size=4), PLAIN, max_size=4),
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 2, "\t"]),
)
def test_every_json_object_is_read_as_json_reads_it(value, ascii_only, indent):
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)

    document = read_document(text)

    assert document.value == value
    assert document.findings == ()
