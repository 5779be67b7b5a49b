"""The instructions behind `eight`, and the types of eight numbers: what numba has to be told for them."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, overload, register_model

from dsp.kernels.eight import WIDTH

_FLOAT, _INT, _BIT = ir.FloatType(), ir.IntType(32), ir.IntType(1)
_NUMBER_BYTES = 4


class Eight(types.Type):
    """The numba type of eight things of the type `single`."""

    def __init__(self, name: str, single: Any, layout: Any) -> None:
        super().__init__(name=name)
        self.single = single
        self.layout = ir.VectorType(layout, WIDTH)


@register_model(Eight)
class _EightModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, kind.layout)


FLOATS = Eight("eight_floats", types.float32, _FLOAT)
INTS = Eight("eight_ints", types.int32, _INT)
CHOICES = Eight("eight_choices", types.boolean, _BIT)
"""What a comparison of eights gives: eight truths, for `where`."""


def _as_eight(context: Any, builder: Any, kind: Any, value: Any, wanted: Any) -> Any:
    """`value` as an eight of the type `wanted`: as it is, or one number in all places."""
    if kind == wanted:
        return value
    single = context.cast(builder, value, kind, wanted.single)
    nothing = ir.Constant(wanted.layout, ir.Undefined)
    first = builder.insert_element(nothing, single, ir.Constant(_INT, 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(INTS.layout, [0] * WIDTH))


def _declare(function: Any, make: dict[Any, Callable[..., Any]], result: Any = None) -> None:
    """Let `function` of two operands, one of them an eight, be what `make` builds for that type of eight.

    result  the type of what comes out, where it is not that of the operands
    """

    class Template(AbstractTemplate):
        def generic(self, arguments: Any, keywords: Any) -> Any:
            if len(arguments) != 2 or keywords:
                return None
            for eight in make:
                others = [kind for kind in arguments if kind != eight]
                if len(others) < 2 and all(isinstance(kind, types.Number) for kind in others):
                    return signature(result or eight, *(eight if kind == eight else eight.single for kind in arguments))
            return None

    def lower(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        eight = next(kind for kind in sign.args if kind in make)
        a, b = (
            _as_eight(context, builder, kind, value, eight) for kind, value in zip(sign.args, arguments, strict=True)
        )
        return make[eight](builder, a, b)

    infer_global(function)(Template)
    for eight in make:
        for pair in ((eight, eight), (eight, eight.single), (eight.single, eight)):
            lower_builtin(function, *pair)(lower)


def _declare_operators() -> None:
    for name in ("add", "sub", "mul"):
        make = {FLOATS: getattr(ir.IRBuilder, f"f{name}"), INTS: getattr(ir.IRBuilder, name)}
        _declare(getattr(operator, name), make)
        _declare(getattr(operator, f"i{name}"), make)
    for divide in (operator.truediv, operator.itruediv):
        _declare(divide, {FLOATS: ir.IRBuilder.fdiv})
    _declare(operator.and_, {INTS: ir.IRBuilder.and_})
    _declare(operator.xor, {INTS: ir.IRBuilder.xor})
    _declare(operator.lshift, {INTS: ir.IRBuilder.shl})
    # Without the sign, as for a whole number that has none.
    _declare(operator.rshift, {INTS: ir.IRBuilder.lshr})
    for sign, compare in (
        ("<", operator.lt),
        ("<=", operator.le),
        (">", operator.gt),
        (">=", operator.ge),
        ("==", operator.eq),
    ):
        _declare(
            compare,
            {
                FLOATS: lambda builder, a, b, sign=sign: builder.fcmp_ordered(sign, a, b),
                INTS: lambda builder, a, b, sign=sign: builder.icmp_signed(sign, a, b),
            },
            CHOICES,
        )
    for sign, extreme in (("<", min), (">", max)):
        _declare(
            extreme,
            {
                FLOATS: lambda builder, a, b, sign=sign: builder.select(builder.fcmp_ordered(sign, b, a), b, a),
                INTS: lambda builder, a, b, sign=sign: builder.select(builder.icmp_signed(sign, b, a), b, a),
            },
        )


def _of_one(make: Callable[[Any, Any], Any]) -> Any:
    """A function of one eight of floats that `make` builds."""

    def call(typing_context: Any, x: Any) -> Any:
        return FLOATS(FLOATS), lambda context, builder, sign, arguments: make(builder, arguments[0])

    return intrinsic(call)


def _instruction(name: str) -> Callable[[Any, Any], Any]:
    def make(builder: Any, x: Any) -> Any:
        kind = ir.FunctionType(FLOATS.layout, [FLOATS.layout])
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{WIDTH}f32"), [x])

    return make


def _declare_functions() -> None:
    for function, make in (
        (operator.neg, ir.IRBuilder.fneg),
        (abs, _instruction("fabs")),
        (np.floor, _instruction("floor")),
        (np.sqrt, _instruction("sqrt")),
    ):
        _declare_function(function, _of_one(make))


def _declare_function(function: Any, call: Any) -> None:
    @overload(function)
    def choose(x):  # type: ignore[no-untyped-def]  # numba compares the signature with that of what it gives
        return (lambda x: call(x)) if x == FLOATS else None


_declare_operators()
_declare_functions()


def _whichever_is_left(typing_context: Any, x: Any, less: Any) -> Any:
    """`less` where it is not below 0, else `x`, which is larger and not below 0: of one float32, or of eight.

    Read as whole numbers without a sign, floats above 0 stand in their order, and all below 0 behind them. So the
    lesser is what is wanted, in one step where to compare and to choose are three: phases wait for it in every frame.
    """

    def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        floats, ints = (FLOATS.layout, INTS.layout) if x == FLOATS else (_FLOAT, _INT)
        a, b = (builder.bitcast(given, ints) for given in arguments)
        return builder.bitcast(builder.select(builder.icmp_unsigned("<", a, b), a, b), floats)

    return x(x, x), make


def _where(typing_context: Any, choice: Any, this: Any, other: Any) -> Any:
    """`this` where `choice` is true, else `other`: for one number or for eight, place by place.

    A single truth chooses for all eight.
    """
    eight = next((kind for kind in (this, other) if kind in (FLOATS, INTS)), FLOATS if choice == CHOICES else None)
    kind = eight or typing_context.unify_types(this, other)

    def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        a, b = (
            _as_eight(context, builder, found, given, kind) if eight else context.cast(builder, given, found, kind)
            for found, given in zip(sign.args[1:], arguments[1:], strict=True)
        )
        return builder.select(arguments[0], a, b)

    return kind(choice, this, other), make


def _converted(single: tuple[Any, Any], eight: tuple[Any, Any], instruction: str) -> Any:
    """A function from one type to another, of one number or of eight."""

    def convert(typing_context: Any, x: Any) -> Any:
        found, wanted = eight if x == eight[0] else single

        def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
            value = context.cast(builder, arguments[0], sign.args[0], found)
            return getattr(builder, instruction)(value, context.get_value_type(wanted))

        return wanted(x), make

    return intrinsic(convert)


def _place(context: Any, builder: Any, kind: Any, array: Any, index: Any, layout: Any) -> Any:
    """The address of `array[index]`, where a value of `layout` lies."""
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), layout.as_pointer())


def _load(typing_context: Any, array: Any, index: Any) -> Any:
    """Eight numbers of `array`, 1-D contiguous float32, from the place `index` on."""

    def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        loaded = builder.load(_place(context, builder, sign.args[0], arguments[0], arguments[1], FLOATS.layout))
        loaded.align = _NUMBER_BYTES
        return loaded

    return FLOATS(array, types.intp), make


def _store(typing_context: Any, array: Any, index: Any, x: Any) -> Any:
    """Write eight numbers into `array`, 1-D contiguous float32, from the place `index` on."""

    def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        place = _place(context, builder, sign.args[0], arguments[0], arguments[1], FLOATS.layout)
        builder.store(arguments[2], place).align = _NUMBER_BYTES
        return context.get_dummy_value()

    return types.void(array, types.intp, FLOATS), make


def _neighbours(typing_context: Any, array: Any, index: Any) -> Any:
    """The numbers of `array`, 1-D contiguous float32, at `index`, >= 0, and behind it: of one index, or of eight.

    Both are read at once: a table that is read between its points costs as many reads as one that is not.
    """
    eight = index == INTS
    kind = FLOATS if eight else types.float32
    two = ir.VectorType(_FLOAT, 2)

    def read(context: Any, builder: Any, array_kind: Any, data: Any, index: Any) -> Any:
        pair = builder.load(_place(context, builder, array_kind, data, index, two))
        pair.align = _NUMBER_BYTES
        return pair

    def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        wide = ir.IntType(64)
        places = [ir.Constant(_INT, place) for place in range(WIDTH)]
        if not eight:
            at = builder.sext(context.cast(builder, arguments[1], sign.args[1], types.int32), wide)
            pair = read(context, builder, sign.args[0], arguments[0], at)
            return context.make_tuple(
                builder, sign.return_type, [builder.extract_element(pair, place) for place in places[:2]]
            )
        # Two at a time, which takes half as many instructions to bring them where an address is made of them.
        twos = builder.bitcast(arguments[1], ir.VectorType(wide, WIDTH // 2))
        pairs = [builder.extract_element(twos, place) for place in places[: WIDTH // 2]]
        half = ir.Constant(wide, 32)
        low = ir.Constant(wide, 2**32 - 1)
        indices = [index for pair in pairs for index in (builder.and_(pair, low), builder.lshr(pair, half))]
        parts = [read(context, builder, sign.args[0], arguments[0], at) for at in indices]
        while len(parts) > 1:
            count = 2 * parts[0].type.count
            order = ir.Constant(ir.VectorType(_INT, count), list(range(count)))
            parts = [builder.shuffle_vector(a, b, order) for a, b in zip(parts[::2], parts[1::2], strict=True)]
        halves = [ir.Constant(INTS.layout, list(range(first, 2 * WIDTH, 2))) for first in (0, 1)]
        return context.make_tuple(
            builder, sign.return_type, [builder.shuffle_vector(parts[0], parts[0], half) for half in halves]
        )

    return types.UniTuple(kind, 2)(array, index), make


def _scatter(typing_context: Any, array: Any, index: Any, x: Any) -> Any:
    """Write eight numbers into `array`, 1-D contiguous float32, each at its own place of the eight `index`."""

    def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        for number in range(WIDTH):
            place = ir.Constant(_INT, number)
            at = builder.sext(builder.extract_element(arguments[1], place), ir.IntType(64))
            address = _place(context, builder, sign.args[0], arguments[0], at, _FLOAT)
            builder.store(builder.extract_element(arguments[2], place), address)
        return context.get_dummy_value()

    return types.void(array, INTS, FLOATS), make


def _transpose(typing_context: Any, source: Any, at: Any, apart: Any, target: Any, to: Any, apart_there: Any) -> Any:
    """Turn eight rows of eight numbers, which begin at every `apart`-th place of `source` from `at` on, and write them
    to every `apart_there`-th place of `target` from `to` on; both are 1-D contiguous float32."""

    def row(context: Any, builder: Any, kind: Any, array: Any, first: Any, apart: Any, number: int) -> Any:
        index = builder.add(first, builder.mul(apart, ir.Constant(apart.type, number)))
        return _place(context, builder, kind, array, index, FLOATS.layout)

    def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        source, at, apart, target, to, apart_there = arguments
        rows = []
        for number in range(WIDTH):
            rows.append(builder.load(row(context, builder, sign.args[0], source, at, apart, number)))
            rows[-1].align = _NUMBER_BYTES
        # Blocks of four change places across the diagonal, then of two within them, then single numbers.
        for span in (4, 2, 1):
            places = range(WIDTH)
            upper = [WIDTH + place - span if place & span else place for place in places]
            lower = [WIDTH + place if place & span else place + span for place in places]
            for i in (number for number in places if not number & span):
                a, b = rows[i], rows[i + span]
                rows[i] = builder.shuffle_vector(a, b, ir.Constant(INTS.layout, upper))
                rows[i + span] = builder.shuffle_vector(a, b, ir.Constant(INTS.layout, lower))
        for number, turned in enumerate(rows):
            place = row(context, builder, sign.args[3], target, to, apart_there, number)
            builder.store(turned, place).align = _NUMBER_BYTES
        return context.get_dummy_value()

    return types.void(source, types.intp, types.intp, target, types.intp, types.intp), make


def _hadamard(typing_context: Any, x: Any) -> Any:
    """Turn eight by Hadamard's matrix, times the root of eight: every place gets some of every other."""

    def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        y = arguments[0]
        for span in (1, 2, 4):
            across = ir.Constant(INTS.layout, [place ^ span for place in range(WIDTH)])
            signs = ir.Constant(FLOATS.layout, [-1.0 if place & span else 1.0 for place in range(WIDTH)])
            other = builder.shuffle_vector(y, ir.Constant(FLOATS.layout, ir.Undefined), across)
            y = builder.fadd(other, builder.fmul(y, signs))
        return y

    return FLOATS(x), make


def _total(typing_context: Any, x: Any) -> Any:
    """The sum of eight, always added in the same order."""

    def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        y = arguments[0]
        for half in (4, 2, 1):
            low, high = (ir.Constant(ir.VectorType(_INT, half), list(range(at, at + half))) for at in (0, half))
            nothing = ir.Constant(y.type, ir.Undefined)
            y = builder.fadd(builder.shuffle_vector(y, nothing, low), builder.shuffle_vector(y, nothing, high))
        return builder.extract_element(y, ir.Constant(_INT, 0))

    return types.float32(x), make


def _later(places: int) -> Any:
    """A function that moves eight on by some places, as sound is by frames: the first places become 0."""

    def shift(typing_context: Any, x: Any) -> Any:
        def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
            order = ir.Constant(INTS.layout, [WIDTH] * places + list(range(WIDTH - places)))
            return builder.shuffle_vector(arguments[0], ir.Constant(FLOATS.layout, [0.0] * WIDTH), order)

        return FLOATS(x), make

    return intrinsic(shift)


def _carried(typing_context: Any, x: Any, before: Any) -> Any:
    """Eight, a place later: `before`, one number, comes first, and the last is left out."""

    def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        first = context.cast(builder, arguments[1], sign.args[1], types.float32)
        order = ir.Constant(INTS.layout, [0, *range(WIDTH - 1)])
        moved = builder.shuffle_vector(arguments[0], ir.Constant(FLOATS.layout, ir.Undefined), order)
        return builder.insert_element(moved, first, ir.Constant(_INT, 0))

    return FLOATS(x, types.float32), make


def _place_of(typing_context: Any, x: Any, place: Any) -> Any:
    """The number that stands in one place, 0..7, of eight."""

    def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        return builder.extract_element(arguments[0], arguments[1])

    return types.float32(x, types.int32), make


def _anywhere(typing_context: Any, choice: Any) -> Any:
    """Whether `choice`, one truth or eight, is true in any place."""

    def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        if choice != CHOICES:
            return arguments[0]
        bits = builder.bitcast(arguments[0], ir.IntType(WIDTH))
        return builder.icmp_unsigned("!=", bits, ir.Constant(ir.IntType(WIDTH), 0))

    return types.boolean(choice), make


def _in_all_places(typing_context: Any, x: Any) -> Any:
    """One number in all eight places."""

    def make(context: Any, builder: Any, sign: Any, arguments: Any) -> Any:
        return _as_eight(context, builder, sign.args[0], arguments[0], FLOATS)

    return FLOATS(x), make


where: Any = intrinsic(_where)
whichever_is_left: Any = intrinsic(_whichever_is_left)
load: Any = intrinsic(_load)
store: Any = intrinsic(_store)
neighbours: Any = intrinsic(_neighbours)
scatter: Any = intrinsic(_scatter)
transpose: Any = intrinsic(_transpose)
hadamard: Any = intrinsic(_hadamard)
later_by_1: Any = _later(1)
later_by_2: Any = _later(2)
later_by_4: Any = _later(4)
carried: Any = intrinsic(_carried)
place_of: Any = intrinsic(_place_of)
total: Any = intrinsic(_total)
anywhere: Any = intrinsic(_anywhere)
in_all_places: Any = intrinsic(_in_all_places)

# Of one number or of eight: the whole part as an int32, an int32 as a float32, and the bits of the one as the other.
whole: Any = _converted((types.float32, types.int32), (FLOATS, INTS), "fptosi")
floating: Any = _converted((types.int32, types.float32), (INTS, FLOATS), "sitofp")
bits_of: Any = _converted((types.float32, types.int32), (FLOATS, INTS), "bitcast")
from_bits: Any = _converted((types.int32, types.float32), (INTS, FLOATS), "bitcast")
