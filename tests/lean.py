"""Loaded before any other plugin of pytest: spares each process a grammar that no test needs.

It is that of addresses in JSON schemas; nbformat, which nbval loads, would spend a second on it.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
