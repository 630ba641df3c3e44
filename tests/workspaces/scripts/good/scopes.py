from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame

WIDTHS = [1, 2]
TABLE = {key: [w * key for w in WIDTHS] for key in range(3)}
HERE = os.path.dirname(os.path.abspath(__file__))


class Config:
    scale = 2
    factors = [scale * n for n in WIDTHS] if False else []

    def describe(self) -> str:
        return f"{__class__.__name__} {self.scale!r} {HERE:>{len(HERE)}}"

    @property
    def other(self) -> Config:
        return self

    @other.setter
    def other(self, value: DataFrame) -> None:
        del value


def outer():
    count = 0

    def inner():
        nonlocal count
        count += 1
        return count

    return inner


def init():
    global counter, total
    counter = outer()
    total: int = 0


def run(raw_data: Any) -> Any:
    data = json.loads(raw_data)
    if (n := len(data)) > 3:
        print(n)
    try:
        value = data["x"]
    except KeyError as error:
        value = str(error)
    else:
        n = 0
    finally:
        done = True
    (first, *rest), last = ([1, 2, 3], 4)
    with open(__file__) as source, open(os.devnull) as nothing:
        length = len(source.read()) + len(nothing.read())
    pairs = [(i, j) for i in range(3) for j in range(i) if i != j]
    flat = {i for row in pairs for i in row}
    key = lambda item, *more, scale=n, **named: (item, more, scale, named)
    for index, value in enumerate(rest):
        last += index
    else:
        last = -1
    return [counter(), total, value, done, first, last, length, sorted(flat), key(1)[0], TABLE, Config().describe()]
