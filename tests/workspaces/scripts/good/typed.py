import dataclasses


@dataclasses.dataclass
class Row:
    age: int
    income: float


def init():
    pass


def run(rows: list[Row], scale: float = 1.0) -> list[float]:
    return [row.income * scale for row in rows]
