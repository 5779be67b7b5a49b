"""What the slots of a new project hold: patterns of the factory's library."""

import contextlib
import os
import shutil
from pathlib import Path

from store.atomic import TEMP_SUFFIX, make_folder, write_atomically
from store.codec import decode_factory
from store.errors import disk_failure
from store.files import read_file
from store.library.library import Library
from store.slots.slots import SlotStore

FACTORY_BANK = 1


def fill_with_factory(folder: Path, factory: Path) -> bool:
    """Put the factory's patterns into the slots of bank 1, where that bank was never used.

    factory  the folder of the factory library: `<genre>/<name>.json`, and `factory.json`, whose "slots"
             tell which name goes to which slot

    True where they were put there. Happens whole or not at all. Raises StoreError.
    """
    bank = SlotStore(folder).path(FACTORY_BANK, 1).parent
    if bank.exists():
        return False
    library = Library(factory)
    plan = factory / "factory.json"
    slots = decode_factory(read_file(plan), str(plan))
    chosen = [(slot, read_file(library.path(name))) for slot, name in slots.items()]
    temp = folder / "patterns" / "temp"
    staged = temp / f"{bank.name}.{os.getpid()}{TEMP_SUFFIX}"
    make_folder(bank.parent)
    try:
        make_folder(staged)
        for slot, data in chosen:
            write_atomically(staged / f"slot_{slot:03d}.json", data, temp)
        staged.rename(bank)
    except OSError as error:
        raise disk_failure("write", bank, error) from error
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(staged)
    return True
