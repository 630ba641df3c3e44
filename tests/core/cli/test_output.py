"""One answer in every format."""

import io
import json

import pytest
import yaml

from mooring.cli.output import Answer, as_cell, write_answer

ROWS = [
    {"name": "diabetes", "version": 2, "tags": {"area": "health"}, "hidden": 1},
    {"name": "bert", "version": 10, "tags": {}, "hidden": 2},
]
LIST = Answer(ROWS, columns={"Name": "name", "Version": "version", "Tags": "tags"})


def written(answer, form):
    out = io.StringIO()
    write_answer(answer, form, out)
    return out.getvalue()


def test_a_table_has_headings_and_aligned_columns():
    lines = written(LIST, "table").splitlines()

    assert lines == ["NAME      VERSION  TAGS", "diabetes  2        area=health", "bert      10"]


def test_tsv_has_the_tables_columns_without_headings():
    assert written(LIST, "tsv") == "diabetes\t2\tarea=health\nbert\t10\t\n"


@pytest.mark.parametrize("form", ["json", "jsonc"])
def test_json_has_everything(form):
    assert json.loads(written(LIST, form)) == ROWS


def test_yaml_has_everything():
    assert yaml.safe_load(written(LIST, "yaml")) == ROWS


def test_an_empty_list_is_an_empty_table_and_an_empty_json_list():
    nothing = Answer([], columns={"Name": "name"})

    assert written(nothing, "table") == ""
    assert written(nothing, "tsv") == ""
    assert json.loads(written(nothing, "json")) == []


def test_a_dict_is_shown_as_labels_and_values_without_empty_ones():
    assert (
        written(Answer({"name": "a", "long name": 1, "nothing": None}), "table")
        == "name       a\nlong name  1\n"
    )


def test_what_next_is_for_people_only():
    told = Answer({"a": 1}, text="Done", after=["Now try this"])

    assert written(told, "table") == "Done\nNow try this\n"
    assert "Now" not in written(told, "json")


def test_a_cell_stays_on_its_line():
    assert written(Answer([{"a": "x\ty\nz"}]), "tsv") == "x y z\n"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "yes"),
        (["a", "b"], "a b"),
        ({"k": "v"}, "k=v"),
        ({"k": [1]}, '{"k": [1]}'),
        (1.5, "1.5"),
    ],
)
def test_a_value_in_one_cell(value, cell):
    assert as_cell(value) == cell
