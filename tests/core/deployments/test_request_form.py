"""The form of a request follows from the schema, or from the sample where there is none."""

from __future__ import annotations

import json

import pytest

from mooring.deployments.request_form import FormColumn, form_of

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")


def described(**parameters):
    from mooring.scoring.schema.fragments import object_fragment

    return object_fragment(parameters)


def test_a_frame_becomes_a_table_with_its_columns_types():
    from mooring.scoring.schema.pandas_type import PandasParameterType

    frame = pd.DataFrame({"age": [1], "name": ["a"], "ok": [True], "weight": [1.5]})
    form = form_of("scorer", None, "schema", described(data=PandasParameterType(frame)))

    (field,) = form.fields
    assert (field.name, field.kind, field.rows_are_objects) == ("data", "rows", True)
    assert [(column.name, column.kind) for column in field.columns] == [
        ("age", "integer"), ("name", "text"), ("ok", "boolean"), ("weight", "number"),
    ]  # fmt: skip
    assert form.compose({"data": [[2, "b", False, 0.5]]}) == {
        "data": [{"age": 2, "name": "b", "ok": False, "weight": 0.5}]
    }


def test_an_array_becomes_a_table_of_numbered_columns():
    from mooring.scoring.schema.numpy_type import NumpyParameterType

    form = form_of("scorer", None, "schema", described(data=NumpyParameterType(np.array([[1.0, 2.0]]))))

    assert form.fields[0].columns == (FormColumn("1", "number"), FormColumn("2", "number"))
    assert form.compose({"data": [[3.0, 4.0], [5.0, 6.0]]}) == {"data": [[3.0, 4.0], [5.0, 6.0]]}
    assert form.compose({}) == {"data": [[1.0, 2.0]]}


@pytest.mark.parametrize(
    ("sample", "kinds"),
    [
        ({"data": [[1, 2]], "method": "predict"}, {"data": "rows", "method": "text"}),
        ({"a": 1, "b": True, "c": {"deep": 1}}, {"a": "number", "b": "boolean", "c": "json"}),
        ([1, 2, 3], {"": "rows"}),
        ([[1, 2], [3]], {"": "json"}),
        ("text", {"": "text"}),
        ({"data": []}, {"data": "json"}),
        ({"x": [[[1]]]}, {"x": "json"}),
        (None, {"": "json"}),
    ],
    ids=json.dumps,
)
def test_without_a_schema_the_sample_says_what_the_fields_are(sample, kinds):
    form = form_of("scorer", sample, "model", {})

    assert {field.name: field.kind for field in form.fields} == kinds
    assert form.compose({}) == sample
    assert form.source == ("none" if sample is None else "model")


def test_a_row_alone_stays_a_row_alone():
    assert form_of("scorer", [1, 2, 3], "model", {}).compose({"": [[4, 5, 6]]}) == [4, 5, 6]


def test_the_registered_sample_is_the_forms(desk, inference, models):
    desk.deploy("scorer", ["diabetes:1"], inference)

    form = desk.request_form("scorer")

    assert (form.sample, form.source) == ({"data": [[1]]}, "model")
    assert json.dumps(form.to_dict())
