"""All pages as one archive that opens from a USB stick, the same bytes for the same pages.

Every file's SHA-256 stands in `SHA256SUMS` inside, the archive's own beside it:
``sha256sum -c SHA256SUMS`` says whether a copy is whole.
"""

import hashlib
import os
import time
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from casebook.export import BOOK, FOLDER, PLACE

SUMS = "SHA256SUMS"
# What only a server or another project needs.
LEFT_OUT = {".buildinfo", "objects.inv", ".nojekyll"}


def write(site: Path) -> Path:
    """Pack the pages in `site`; return the archive, which lies in its folder `take`."""
    files = _files(site)
    sums = {name: hashlib.sha256(text).hexdigest() for name, text in files.items()}
    listed = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
    archive = site / FOLDER / f"{BOOK}.zip"
    archive.parent.mkdir(exist_ok=True)
    with ZipFile(archive, "w") as zipped:
        for name, text in {SUMS: listed.encode(), **files}.items():
            zipped.writestr(_entry(name), text, compresslevel=9)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    archive.with_name(f"{archive.name}.sha256").write_text(f"{digest}  {archive.name}\n", "utf8")
    return archive


def _files(site: Path) -> dict[str, bytes]:
    """What the archive holds, by name and in order; a page links nothing that lies outside it."""
    found = {}
    for path in site.rglob("*"):
        name = path.relative_to(site).as_posix()
        if path.is_file() and not name.startswith(f"{FOLDER}/") and path.name not in LEFT_OUT:
            found[name] = path.read_bytes()
            if path.suffix == ".html":
                found[name] = PLACE.sub("", path.read_text("utf8")).encode()
    return dict(sorted(found.items()))


def _entry(name: str) -> ZipInfo:
    """A file of the archive: its date is that of the sources, not that of the build."""
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", 315532800))  # 1980, the first that ZIP knows
    entry = ZipInfo(f"{BOOK}/{name}", time.gmtime(max(seconds, 315532800))[:6])
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
