"""The instructions behind `memory`: what numba has to be told for them."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

WORD_BYTES = 8
NUMBER_BYTES = 4


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


def _sound_at(typing_context: Any, address: Any, frames: Any) -> Any:
    """The sound that lies at `address`, as a device hands it over: (frames, 2) float32."""
    kind = types.Array(types.float32, 2, "C")

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number = context.get_data_type(types.float32)
        sizes = [context.get_constant(types.intp, size) for size in (2, 2 * NUMBER_BYTES, NUMBER_BYTES)]
        array = context.make_array(kind)(context, builder)
        populate_array(
            array,
            data=builder.bitcast(arguments[0], number.as_pointer()),
            shape=[arguments[1], sizes[0]],
            strides=sizes[1:],
            itemsize=sizes[2],
            meminfo=None,
        )
        return array._getvalue()

    return kind(types.voidptr, types.intp), codegen


# As Any: the typing context is numba's to give, not the caller's.
load_acquire: Any = _load("acquire", "Read `array[index]`, an int64, so that nothing after it is read before it.")
load_in_order: Any = _load("seq_cst", "The same, and in the one order in which all threads see all exchanges.")
store_release: Any = intrinsic(_store_release)
exchange: Any = intrinsic(_exchange)
sound_at: Any = intrinsic(_sound_at)
number_at: Any = intrinsic(_number_at)
