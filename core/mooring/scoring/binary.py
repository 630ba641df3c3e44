"""Arrays on the scoring route without JSON: `.npy` in and out, Arrow streams in; chosen by the client's headers.

Only for scripts whose schema declares one array or data frame. Everything else about the answer stays as it is.
"""

from __future__ import annotations

import ast
import inspect
import io
import struct
import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any, Callable

from mooring.scoring.contract.failures import Refusal
from mooring.scoring.execution.interruption import ScoringTimeout
from mooring.scoring.messages import Request, Response

if TYPE_CHECKING:
    from mooring.scoring.contract.application import Application

__all__ = ["ARROW", "NPY", "has_long_id", "is_binary", "with_binary"]

NPY = "application/x-npy"
ARROW = "application/vnd.apache.arrow.stream"
LONGEST_ID = 100
_ID_HEADERS = ("x-request-id", "x-ms-request-id", "x-ms-client-request-id")
_MAGIC = b"\x93NUMPY"
_REMEMBERED = 256


def is_binary(request: Request) -> bool:
    """Whether a request's body, or the answer it asks for, is an array in binary form."""
    get = request.headers.get
    given = get("content-type")
    if given is not None and given.startswith((NPY, ARROW)):
        return True
    wanted = get("accept")
    return wanted is not None and NPY in wanted


def has_long_id(request: Request) -> bool:
    """Whether one of the client's ids is too long, which the contract refuses."""
    get = request.headers.get
    return any(len(get(name) or "") > LONGEST_ID for name in _ID_HEADERS)


def with_binary(answer: Callable[[Request], Any], application: Application) -> Callable[[Request], Any]:
    """The same function, which knows binary requests too where the script's schema allows them."""
    plan: Any = application.run_plan
    function = _undecorated(plan)
    if function is None:
        return answer
    scorer = _Scorer(application, plan, function)

    def answer_negotiated(request: Request) -> Any:
        if is_binary(request) and request.method == "POST" and not has_long_id(request):
            return scorer.answer(request)
        return answer(request)

    return answer_negotiated


def _undecorated(plan: Any) -> Callable[..., Any] | None:
    """The function under the schema decorators; None when there is more, or other, than one table to hand over."""
    if plan.is_async or plan.kind != "schema" or len(plan.parameters) != 1 or plan.wants_headers:
        return None
    declared = plan.declared.get(plan.parameters[0])
    if declared is None or not declared.has_rows:
        return None
    layers = [plan.call]
    while hasattr(layers[-1], "__wrapped__"):
        layers.append(layers[-1].__wrapped__)
    # A decorator of the user's own must not be skipped: count the schema's.
    return inspect.unwrap(plan.call) if len(layers) - 1 <= len(plan.declared) + 1 else None


class _Scorer:
    """Answers binary requests; `function` takes what the schema's conversion would have made."""

    def __init__(self, application: Application, plan: Any, function: Callable[..., Any]) -> None:
        self._application = application
        self._plan = plan
        self._function = function
        self._name = self._plan.parameters[0]
        self._sample = self._plan.declared[self._name].type.sample_input
        self._layouts: dict[bytes, tuple[Any, tuple[int, ...], bool]] = {}

    def answer(self, request: Request) -> Response:
        """The response to a request that sends, or asks for, an array."""
        try:
            given = request.headers.get("content-type") or ""
            if given.startswith((NPY, ARROW)):
                value = self._read_npy(request.body) if given.startswith(NPY) else _read_arrow(request.body)
                arguments, call = {self._name: self._fit(value)}, self._function
            else:
                arguments, call = self._plan.read(request), self._plan.call
            started = perf_counter()
            result = call(**arguments)
            run_ms = (perf_counter() - started) * 1000.0
            return self._application.complete(request, self._reply(result, request, run_ms))
        except ScoringTimeout:
            raise
        except Exception as error:  # noqa: BLE001 - the contract knows what each kind is answered with
            return self._application.failed(request, error)

    def _reply(self, result: Any, request: Request, run_ms: float) -> Response:
        import numpy as np

        if NPY not in (request.headers.get("accept") or ""):
            return self._plan.reply(result, request, run_ms)  # type: ignore[no-any-return]
        file = io.BytesIO()
        try:
            np.lib.format.write_array(file, np.ascontiguousarray(result), allow_pickle=False)
        except ValueError:
            return self._plan.reply(result, request, run_ms)  # type: ignore[no-any-return]
        headers = [("x-ms-run-function-failed", "False"), ("x-ms-run-fn-exec-ms", f"{run_ms:.3f}")]
        return Response(200, file.getvalue(), NPY, headers, False, run_ms)

    def _fit(self, value: Any) -> Any:
        """The value as the schema's sample looks; raises `Refusal` when it can not be made so."""
        sample = self._sample
        pandas = sys.modules.get("pandas")
        wants_frame = pandas is not None and isinstance(sample, pandas.DataFrame)
        has_columns = hasattr(value, "columns")
        if has_columns and not wants_frame:
            value = value.to_numpy()
        if wants_frame and not has_columns and value.ndim == 2 and value.shape[1] == sample.shape[1]:  # noqa: PLR2004
            value = pandas.DataFrame(value, columns=sample.columns)  # type: ignore[union-attr]
        if len(value.shape) != len(sample.shape) or value.shape[1:] != sample.shape[1:]:
            wanted = ("rows", *sample.shape[1:])
            raise Refusal(400, f"The array has shape {value.shape}; this service takes {wanted}.")
        try:
            return value.astype(sample.dtypes.to_dict() if wants_frame else sample.dtype, copy=False)
        except (TypeError, ValueError, KeyError) as error:
            raise Refusal(400, f"The array can not be read as this service's input: {error}") from None

    def _read_npy(self, body: Any) -> Any:
        """An array over the body's own bytes, without a copy and therefore read-only."""
        import numpy as np

        size = _header_size(body)
        header = bytes(body[:size])
        layout = self._layouts.get(header)
        if layout is None:
            if len(self._layouts) >= _REMEMBERED:
                self._layouts.clear()
            layout = self._layouts[header] = _read_layout(header)
        dtype, shape, is_fortran = layout
        count = 1
        for length in shape:
            count *= length
        if len(body) - size != count * dtype.itemsize:
            raise Refusal(400, "The body is not as long as its npy header says.")
        array = np.frombuffer(body, dtype=dtype, count=count, offset=size) if count else np.empty(0, dtype)
        return array.reshape(shape[::-1]).T if is_fortran else array.reshape(shape)


def _header_size(body: Any) -> int:
    if bytes(body[:6]) != _MAGIC or len(body) < 12 or body[6] not in {1, 2, 3}:  # noqa: PLR2004
        raise Refusal(400, "The body is not in npy format.")
    if body[6] == 1:
        return 10 + int(struct.unpack_from("<H", body, 8)[0])
    return 12 + int(struct.unpack_from("<I", body, 8)[0])


def _read_layout(header: bytes) -> tuple[Any, tuple[int, ...], bool]:
    """Type, shape and order from a whole npy header; numpy.lib.format's rules, without pickled objects."""
    import numpy as np

    try:
        fields = ast.literal_eval(header[10 if header[6] == 1 else 12 :].decode("utf-8"))
        dtype, shape = np.dtype(fields["descr"]), fields["shape"]
        is_valid = isinstance(shape, tuple) and all(type(length) is int and length >= 0 for length in shape)
    except Exception:  # noqa: BLE001 - a stranger's text; numpy and ast raise many kinds
        is_valid, dtype, shape, fields = False, None, (), {}
    if not is_valid or dtype is None or dtype.hasobject or not dtype.itemsize:
        raise Refusal(400, "The npy header can not be used: it takes a plain numeric type and a shape.")
    return dtype, shape, bool(fields.get("fortran_order"))


def _read_arrow(body: Any) -> Any:
    try:
        import pyarrow as pa
    except ImportError:
        raise Refusal(415, "Arrow needs the package pyarrow in the service's environment.") from None
    try:
        return pa.ipc.open_stream(pa.py_buffer(body)).read_all().to_pandas()
    except ImportError:
        raise Refusal(415, "Arrow needs the package pandas in the service's environment.") from None
    except Exception as error:  # noqa: BLE001 - pyarrow raises its own kinds, OSError and ValueError
        raise Refusal(400, f"The body is no Arrow stream: {type(error).__name__}.") from None
