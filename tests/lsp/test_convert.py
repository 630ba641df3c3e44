"""Columns between code points and the editor's units."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from mooring.findings import Finding, Span
from mooring.inspection import TextEdit
from mooring_lsp.convert import Places, apply_changes, diagnostic_of, edits_in_data, width_of

ENCODINGS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
TEXTS = st.text(st.sampled_from("ab é😀\r\n\u2028\x0c\ufeff\t\U00010348"), max_size=40)
encodings = st.sampled_from(list(ENCODINGS))


@given(TEXTS, encodings)
def test_a_width_is_the_number_of_encoded_units(text, encoding):
    codec, size = ENCODINGS[encoding]
    assert width_of(text, encoding) == len(text.encode(codec)) // size


@given(TEXTS, encodings, st.data())
def test_an_offset_survives_the_way_to_the_editor_and_back(text, encoding, data):
    offset = data.draw(st.integers(0, len(text)))
    inside_line_end = text[offset - 1 : offset + 1] == "\r\n"
    places = Places(text, encoding)
    position = places.position_at(offset)
    at_end_of_line = offset > 0 and text[offset - 1] == "\r" and inside_line_end
    expected = offset - 1 if at_end_of_line else offset
    assert places.offset_at(position) == expected


@given(TEXTS, encodings, st.data())
def test_a_span_marks_what_it_marks_in_the_core(text, encoding, data):
    plain = text.removeprefix("\ufeff")
    lines = re.split(r"\r\n|\r|\n", plain)
    number = data.draw(st.integers(1, len(lines)))
    start = data.draw(st.integers(0, len(lines[number - 1])))
    end = data.draw(st.integers(start, len(lines[number - 1])))
    places = Places(text, encoding)
    marked = places.range_of(Span(number, start + 1, number, end + 1))
    assert text[places.offset_at(marked.start) : places.offset_at(marked.end)] == lines[number - 1][start:end]
    assert places.place_of(marked.start) == (number, start + 1)


@given(TEXTS, encodings, st.data())
def test_a_change_puts_the_new_text_between_two_places(text, encoding, data):
    places = Places(text, encoding)
    first, second = sorted(data.draw(st.integers(0, len(text))) for _ in range(2))
    place = types.Range(places.position_at(first), places.position_at(second))
    start, end = places.offset_at(place.start), places.offset_at(place.end)
    change = types.TextDocumentContentChangePartial(range=place, text="😀\r\n")
    assert apply_changes(text, [change], encoding) == text[:start] + "😀\r\n" + text[end:]


@pytest.mark.parametrize("line", [99, 1])
def test_a_place_behind_the_end_is_the_end(line):
    places = Places("ab\ncd")
    assert places.offset_at(types.Position(line, 99)) == 5
    assert places.range_of(Span(99, 1, 99, 9)).end == types.Position(1, 2)


def test_a_place_inside_a_surrogate_pair_is_before_the_character():
    assert Places("a😀b").offset_at(types.Position(0, 2)) == 1


def test_a_fix_has_the_line_ends_of_the_text():
    places = Places("\ufeffa\r\nb\r\n")
    edit = places.edit_of(TextEdit(Span(1, 1, 1, 2), "x\ny"))
    assert edit.new_text == "x\r\ny"
    assert edit.range == types.Range(types.Position(0, 1), types.Position(0, 2))


def test_a_fix_travels_in_the_data_of_its_diagnostic():
    finding = Finding("json-comment", "warning", "No.", "Remove it.", "", Span(1, 2, 1, 4), {"fix": "remove"})
    diagnostic = diagnostic_of(finding, Places("😀abc"), 7)
    (edit,) = edits_in_data(diagnostic.data)
    assert (edit.range, edit.new_text) == (diagnostic.range, "")


@pytest.mark.parametrize("data", [None, 3, "x", {"edits": 1}, {"edits": [{"at": [1], "text": "x"}]}])
def test_data_of_others_holds_no_edits(data):
    assert edits_in_data(data) == []
