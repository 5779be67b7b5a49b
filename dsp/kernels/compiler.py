"""From kernels to machine code. This file owns what numba has to be told; it alone, and the two files of
instructions, import it.

Numba would compile each function that another calls into a library of its own, optimise that, make machine code of
it, and wrap it twice for Python: a minute's work for some two hundred small functions. Here all of them go into one
library, which is optimised and made into machine code once; and a number that is written in the code, such as the
index of a parameter, is compiled as any number, not into a version of the function for itself.
"""

import gc
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from llvmlite import binding as llvm
from llvmlite import ir
from numba import from_dtype, types
from numba.core import sigutils
from numba.core.compiler import Compiler
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher, cpu_target
from numba.np import arrayobj

from dsp import memory_instructions  # noqa: F401  # known before the first kernel asks for it
from dsp.kernels import KERNELS, Address, ArrayOf, Door, Kernel, eight_instructions  # noqa: F401
from dsp.kernels.machine import target_machine

TYPED_SHARE = 0.85
"""How much of the compiling is done when all functions are in the library."""

_OPTIONS = {"nopython": True, "nogil": True, "error_model": "numpy"}
# Without numba's own memory, a kernel that would allocate does not compile.
_PART_OPTIONS = {**_OPTIONS, "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _from_the_beginning(context: Any, builder: Any, kind: Any, index: Any, _size: Any) -> Any:
    """An index as it stands. Numba would look at each whether it counts from the end, where loops are not made into
    vectors for it; no kernel counts from there."""
    return context.cast(builder, index, kind, types.intp)


arrayobj.fix_integer_index = _from_the_beginning

_SINGLE: dict[Any, Any] = {
    int: types.int64,
    float: types.float64,
    bool: types.boolean,
    None: types.void,
    Address: types.voidptr,
}


class _Program:
    """Machine code in the making.

    progress  hears the share that is done, 0..1
    """

    def __init__(self, progress: Callable[[float], None]) -> None:
        self.library = cpu_target.target_context.codegen().create_library("chronus")
        self.parts: dict[Kernel, _Part] = {}
        self._progress = progress

    def part(self, kernel: Kernel) -> "_Part":
        if kernel not in self.parts:
            self.parts[kernel] = _Part(kernel.function, targetoptions=_PART_OPTIONS, pipeline_class=_IntoProgram)
            self._progress(TYPED_SHARE * len(self.parts) / len(KERNELS))
        return self.parts[kernel]


_program: _Program | None = None
_alone: dict[Kernel, Any] = {}


class _IntoProgram(Compiler):
    """Numba's compiler, but that it leaves the function in the program's library, to be finished with the others."""

    def __init__(self, typing: Any, target: Any, _library: Any, args: Any, result: Any, flags: Any, names: Any) -> None:
        assert _program is not None
        flags.no_compile = True
        super().__init__(typing, target, _program.library, args, result, flags, names)

    def compile_extra(self, function: Any) -> Any:
        compiled = super().compile_extra(function)
        found_by = object()
        self.state.targetctx.insert_user_function(found_by, compiled.fndesc, [])
        return compiled._replace(entry_point=found_by)


class _ForAnyNumber(CPUDispatcher):
    """A kernel as numba calls it from another: a number that is written there does not count as a type of its own."""

    def get_call_template(self, args: Any, kws: Any) -> Any:
        return super().get_call_template(tuple(map(types.unliteral, args)), kws)


class _Part(_ForAnyNumber):
    """A kernel within the program."""

    # What numba keeps here has types that only numba knows.
    overloads: Any
    _compiler: Any

    def compile(self, sig: Any) -> Any:
        args, result = sigutils.normalize_signature(sig)
        if args not in self.overloads:
            self.overloads[args] = self._compiler.compile(args, result)
        return self.overloads[args].entry_point


def type_of(kernel: Kernel) -> Any:
    """What numba takes a kernel for that another calls."""
    return types.Dispatcher(alone(kernel) if _program is None else _program.part(kernel))


def type_of_instruction(instruction: Any) -> Any:
    """What numba takes an intrinsic for that a kernel calls."""
    return cpu_target.typing_context.resolve_value_type(instruction)


def alone(kernel: Kernel) -> Any:
    """A kernel that Python can call, with any types, compiled by itself and kept in numba's own cache."""
    if kernel not in _alone:
        _alone[kernel] = _ForAnyNumber(kernel.function, targetoptions={**_OPTIONS, "no_cfunc_wrapper": True})
        _alone[kernel].enable_caching()
    return _alone[kernel]


@global_compiler_lock  # type: ignore[untyped-decorator]  # numba's own
def compile_doors(doors: Sequence[Door], progress: Callable[[float], None]) -> bytes:
    """The machine code of `doors`, and of all that they call, as an object file.

    progress  hears the share that is done, 0..1
    """
    global _program
    program = _program = _Program(progress)
    gc.disable()  # all that is made is kept to the end; looking for garbage would take a fifth of the time
    try:
        for context in (cpu_target.typing_context, cpu_target.target_context):
            context.refresh()
        for door in doors:
            args = tuple(_numba_type(taken) for taken in door.takes)
            program.part(door).compile(args)
            _write_entry(program, door, program.part(door).overloads[args].fndesc)
        module = _linked(program.library, {door.symbol for door in doors})
    finally:
        _program = None
        gc.enable()
    machine = target_machine()
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=3))
    builder.getModulePassManager().run(module, builder)
    code: bytes = machine.emit_object(module)
    progress(1.0)
    return code


def _numba_type(taken: Any) -> Any:
    if isinstance(taken, ArrayOf):
        kind = np.dtype(taken.kind)
        return types.Array(from_dtype(kind), taken.axes, "C")
    return from_dtype(taken) if isinstance(taken, np.dtype) else _SINGLE[taken]


def _write_entry(program: _Program, door: Door, described: Any) -> None:
    """Write the function that C calls: a record comes as its address, an array as its address and its lengths.

    No kernel raises, so the status that numba gives beside the result is not looked at.
    """
    target = cpu_target.target_context
    module = target.create_module(door.symbol)
    words: list[Any] = []
    for kind in described.argtypes:
        if isinstance(kind, types.Array):
            words += [target.get_data_type(kind.dtype).as_pointer()] + [target.get_value_type(types.intp)] * kind.ndim
        else:
            words.append(target.get_data_type(kind) if kind == types.boolean else target.get_value_type(kind))
    wanted = _SINGLE[door.gives]
    returned = ir.VoidType() if wanted == types.void else target.get_data_type(wanted)
    entry = ir.Function(module, ir.FunctionType(returned, words), door.symbol)
    builder = ir.IRBuilder(entry.append_basic_block("entry"))
    given = iter(entry.args)
    arguments = [_argument(target, builder, kind, given) for kind in described.argtypes]
    inner_type = target.call_conv.get_function_type(described.restype, described.argtypes)
    inner = ir.Function(module, inner_type, described.llvm_func_name)
    _, result = target.call_conv.call_function(builder, inner, described.restype, described.argtypes, arguments)
    if wanted == types.void:
        builder.ret_void()
    else:
        result = target.cast(builder, result, described.restype, wanted)
        builder.ret(target.data_model_manager[wanted].as_data(builder, result))
    program.library.add_ir_module(module)


def _argument(target: Any, builder: Any, kind: Any, given: Any) -> Any:
    """The next argument, as numba's functions take it, of the words that are `given`."""
    if not isinstance(kind, types.Array):
        return target.data_model_manager[kind].from_data(builder, next(given)) if kind == types.boolean else next(given)
    array = target.make_array(kind)(target, builder)
    data = next(given)
    lengths = [next(given) for _ in range(kind.ndim)]
    itemsize = target.get_constant(types.intp, target.get_abi_sizeof(target.get_data_type(kind.dtype)))
    strides = [itemsize]
    for length in lengths[:0:-1]:
        strides.insert(0, builder.mul(strides[0], length))
    arrayobj.populate_array(array, data=data, shape=lengths, strides=strides, itemsize=itemsize, meminfo=None)
    return array._getvalue()


def _linked(library: Any, kept: set[str]) -> Any:
    """All of the program in one module, where but the doors can be left out, or built into what calls them."""
    module = library._final_module
    for other in dict.fromkeys(library._linking_libraries):
        module.link_in(other._get_module_for_linking(), preserve=True)
    for function in module.functions:
        if not function.is_declaration and function.name not in kept:
            function.linkage = "internal"
    return module
