"""What all tests share: the compiled sound is kept where a running engine keeps it."""

from chronus_tui.engine.kernel_cache import use_kernel_cache

use_kernel_cache()
