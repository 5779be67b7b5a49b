"""The parts that instruments and effects are made of, and how everything on the audio path is compiled.

A *kernel* is a function that the compiler knows how to turn into machine code. A *door* is a kernel that Python
calls while music plays. All doors, with every kernel behind them, become one piece of machine code (`compiler`),
which is kept and taken up again by the next start (`machine`) without the compiler, which takes long to import.
So nothing here imports it before it is needed.
"""

import ctypes
import functools
import importlib
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

KERNELS: list["Kernel"] = []
"""Every kernel that was declared."""


class Kernel:
    """A function that is compiled for the audio path.

    It runs without the interpreter's lock and allocates nothing. A division by zero gives what IEEE 754 says and
    raises nothing, for nothing could catch it there. Arithmetic is never reordered, so that the same input gives
    the same bits, and a value that is not finite can be seen. Its arguments are unchecked.

    Called from Python, as tests do, it is compiled alone for the types of what is given.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        functools.update_wrapper(self, function)
        KERNELS.append(self)

    def __call__(self, *arguments: Any) -> Any:
        """What the function gives for these arguments."""
        from dsp.kernels import compiler

        return compiler.alone(self)(*arguments)

    @property
    def _numba_type_(self) -> Any:
        """What the compiler asks of a name that it finds in another kernel."""
        from dsp.kernels import compiler

        return compiler.type_of(self)

    def __reduce__(self) -> str:
        return self.function.__qualname__


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let `function` be compiled for the audio path."""
    return Kernel(function)


class Instruction:
    """A name for what the compiler is told to build in a way of its own: see the function of that name in `module`."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    @property
    def _numba_type_(self) -> Any:
        from dsp.kernels import compiler

        return compiler.type_of_instruction(getattr(importlib.import_module(self._module), self._name))

    def __reduce__(self) -> str:
        return self._name


class ArrayOf(NamedTuple):
    """A contiguous array, as a door takes it.

    kind  of its numbers, or the type of its records
    axes  how many it has
    """

    kind: Any
    axes: int


SOUND = ArrayOf(np.float32, 2)
"""(frames, 2) float32"""
SAMPLES = ArrayOf(np.float32, 1)
"""(n,) float32"""

Taken = np.dtype[Any] | ArrayOf | type
"""What a door takes: a record of that type, an array, or an int, a float or a bool; `Address` is a bare one."""


class Address(int):
    """Where something lies in memory."""


_C_TYPES: dict[Any, Any] = {
    int: ctypes.c_int64,
    float: ctypes.c_double,
    bool: ctypes.c_bool,
    None: None,
    Address: ctypes.c_void_p,
}


class Door(Kernel):
    """A kernel that Python calls once `machine.open_doors` has opened it; before, it is compiled alone.

    address  of the compiled function, for what calls it from C; 0 while it is shut
    bare     the compiled function, for who counts every microsecond: unchecked, it takes the address of a record, and
             the address and the lengths of an array
    """

    def __init__(self, function: Callable[..., Any], takes: tuple[Taken, ...]) -> None:
        super().__init__(function)
        self.takes = takes
        self.gives = function.__annotations__["return"]
        self.symbol = f"{function.__module__}.{function.__qualname__}"
        self.address = 0
        self.bare: Any = None

    def __call__(self, *arguments: Any) -> Any:
        """What the function gives. Raises TypeError where an array or a record is not as the door takes it."""
        if self.bare is None:
            return super().__call__(*arguments)
        flat: list[Any] = []
        for argument, taken in zip(arguments, self.takes, strict=True):
            if isinstance(taken, ArrayOf):
                flat += _array(argument, taken)
            else:
                flat.append(_record(argument, taken) if isinstance(taken, np.dtype) else argument)
        return self.bare(*flat)

    def open(self, address: int) -> None:
        """Let calls go to the machine code at `address`."""
        types: list[Any] = []
        for taken in self.takes:
            if isinstance(taken, ArrayOf):
                types += [ctypes.c_void_p] + [ctypes.c_int64] * taken.axes
            else:
                types.append(ctypes.c_void_p if isinstance(taken, np.dtype) else _C_TYPES[taken])
        self.address = address
        self.bare = ctypes.CFUNCTYPE(_C_TYPES[self.gives], *types)(address)


def door(*takes: Taken) -> Callable[[Callable[..., Any]], Door]:
    """Let a function be compiled for the audio path, for one set of types, and called from Python."""
    return lambda function: Door(function, takes)


def _array(given: Any, taken: ArrayOf) -> tuple[int, ...]:
    """The address and the lengths of an array."""
    if given.ndim != taken.axes or given.dtype != taken.kind:
        raise TypeError(f"An array of {taken.axes} axes of {taken.kind} is wanted, not {given.ndim} of {given.dtype}")
    return (address_of(given), *given.shape)


def _record(given: Any, taken: np.dtype[Any]) -> int:
    """The address of a record."""
    if given.nbytes != taken.itemsize:
        raise TypeError(f"A record of {taken.itemsize} bytes is wanted, not one of {given.nbytes}")
    return address_of(given)


class _View(ctypes.Structure):
    """Python's `Py_buffer`, of which the first field alone is wanted."""

    _fields_ = (("address", ctypes.c_void_p), ("rest", ctypes.c_void_p * 15))


_SIMPLE = 0
_get_view = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.POINTER(_View), ctypes.c_int)(
    ("PyObject_GetBuffer", ctypes.pythonapi)
)
_release_view = ctypes.PYFUNCTYPE(None, ctypes.POINTER(_View))(("PyBuffer_Release", ctypes.pythonapi))


def address_of(given: Any) -> int:
    """Where a contiguous array, or a record within one, lies. Numpy's own ways to ask a record take a hundred times as
    long. Raises ValueError where it is not contiguous."""
    view = _View()
    _get_view(given, view, _SIMPLE)
    _release_view(view)
    return view.address
