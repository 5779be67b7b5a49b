"""Machine code, taken up without the compiler that made it: LLVM alone links it into the process."""

from collections.abc import Sequence
from typing import Any

from llvmlite import binding as llvm

from dsp.kernels import Door

_engines: list[Any] = []
"""What holds the machine code; it stays as long as the process."""


def target_machine() -> Any:
    """This very processor, as LLVM makes code for it."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="static" if target.name.startswith("x86") else "default",
        codemodel="jitdefault",
        jit=True,
    )


def processor() -> str:
    """A name for what machine code is made for: code for one processor may not run on another."""
    return f"{llvm.get_process_triple()} {llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"


def open_doors(code: bytes, doors: Sequence[Door]) -> None:
    """Let calls of `doors` go to the machine code that `compiler.compile_doors` made of them.

    Raises RuntimeError where `code` is no such thing.
    """
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target_machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    addresses = [engine.get_function_address(door.symbol) for door in doors]
    if not all(addresses):
        raise RuntimeError("The machine code lacks some of the doors.")
    _engines.append(engine)
    for door, address in zip(doors, addresses, strict=True):
        door.open(address)
