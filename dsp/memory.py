"""The memory operations that let one thread hand data, or the right to make sound, to another without a lock.

A writer fills a place in a ring, then publishes its new head with `store_release`; a reader takes
the head with `load_acquire` before it looks at the place. On x86 plain loads and stores would do; on
ARM boards they may be seen out of order, so the ordering is spelled out in the machine code.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

WORD_BYTES = 8


def _load(ordering: str, words: str) -> Any:
    def load(typing_context: Any, array: Any, index: Any) -> Any:
        if not isinstance(array, types.Array):
            return None

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
            return builder.load_atomic(builder.gep(data, [arguments[1]]), ordering, WORD_BYTES)

        return array.dtype(array, types.intp), codegen

    load.__doc__ = words
    return intrinsic(load)


def _store_release(typing_context: Any, array: Any, index: Any, value: Any) -> Any:
    """Write `array[index] = value`, an int64, so that nothing before it is written after it."""
    if not isinstance(array, types.Array):
        return None

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        builder.store_atomic(arguments[2], builder.gep(data, [arguments[1]]), "release", WORD_BYTES)
        return context.get_dummy_value()

    return types.void(array, types.intp, array.dtype), codegen


def _exchange(typing_context: Any, array: Any, index: Any, value: Any) -> Any:
    """Write `array[index] = value`, an int64, and give what was there. All threads see all exchanges in one
    order, and nothing moves past one."""
    if not isinstance(array, types.Array):
        return None

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.atomic_rmw("xchg", builder.gep(data, [arguments[1]]), arguments[2], "seq_cst")

    return array.dtype(array, types.intp, array.dtype), codegen


def _number_at(typing_context: Any, address: Any, index: Any) -> Any:
    """The float32 that lies `index` numbers behind `address`, which somebody keeps alive."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        begin = builder.inttoptr(arguments[0], ir.FloatType().as_pointer())
        return builder.load(builder.gep(begin, [arguments[1]]))

    return types.float32(types.int64, types.int64), codegen


# As Any: the typing context is numba's to give, not the caller's.
load_acquire: Any = _load("acquire", "Read `array[index]`, an int64, so that nothing after it is read before it.")
load_in_order: Any = _load("seq_cst", "The same, and in the one order in which all threads see all exchanges.")
store_release: Any = intrinsic(_store_release)
exchange: Any = intrinsic(_exchange)
number_at: Any = intrinsic(_number_at)
