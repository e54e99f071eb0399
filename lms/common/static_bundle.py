"""Static files for production: hashed names, and one style sheet in place of some forty.

Development loads ``sen/css/sen.css``, whose ``@import`` lines fetch one file per component. Over a slow network each
of them is a round trip after the first, so that ``collectstatic`` puts the imported rules into ``sen.css`` itself
(each in the cascade layer its import names) and hashes the result. Nothing else changes: no build step, no node.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLES: Final = ("sen/css/sen.css",)

_IMPORT: Final = re.compile(r'^@import\s+"(?P<path>[^"]+)"(?:\s+layer\((?P<layer>[\w.-]+)\))?\s*;[ \t]*$', re.MULTILINE)
_URL: Final = re.compile(r'url\("(?P<path>(?!data:|/|#|https?:)[^"]+)"\)')
_IMPORTS: Final = (
    (r"""(?P<matched>from\s+"(?P<url>\.{1,2}/[^"]+)")""", 'from "%(url)s"'),
    (r"""(?P<matched>import\s+"(?P<url>\.{1,2}/[^"]+)")""", 'import "%(url)s"'),
)
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)


def shrink(css: str) -> str:
    """Drop comments, indentation and line ends; leave every value as it is."""
    return re.sub(r"\s*\n\s*", "", _COMMENT.sub("", css)).strip()


def bundle(name: str, read: Callable[[str], str]) -> str:
    """Return style sheet ``name`` with its imports in place.

    ``read`` gives the text of a file by its name under the static root. Addresses in ``url("…")`` are rewritten to stay
    right from the folder of ``name``. Only imports written ``@import "file.css" layer(x);`` are known, one a line.
    """
    home = posixpath.dirname(name)

    def inline(match: re.Match[str]) -> str:
        imported = posixpath.normpath(posixpath.join(home, match["path"]))
        folder = posixpath.dirname(imported)
        text = _URL.sub(
            lambda url: f'url("{posixpath.relpath(posixpath.join(folder, url["path"]), home)}")', read(imported)
        )
        text = shrink(text)
        return f"@layer {match['layer']}{{{text}}}" if match["layer"] else text

    return shrink(_IMPORT.sub(inline, _COMMENT.sub("", read(name)))) + "\n"


class SenStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage (hashed names, gzip and brotli beside each file) that also bundles our style sheet
    and hashes the imports of our own modules."""

    # Only our own modules: other packages' scripts have imports that their own builds resolve.
    patterns = (
        *HashedFilesMixin.patterns,
        *((folder, _IMPORTS) for folder in ("attempts/js/*.js", "exams/js/*.js", "quizzes/js/*.js", "sen/js/*.js")),
    )

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        """Replace each bundle's source by the bundled text, then hash everything as Django does."""
        if not dry_run:
            paths = dict(paths)
            for name in BUNDLES:
                if name in paths:
                    paths[name] = self._bundled(name, paths)
        yield from super().post_process(paths, dry_run, **options)

    def _bundled(self, name: str, paths: dict[str, Any]) -> tuple[InMemoryStorage, str]:
        """Return the bundle as a file in memory, in the form that ``post_process`` takes."""

        def read(other: str) -> str:
            storage, path = paths[other]
            with storage.open(path) as source:
                return source.read().decode("utf-8")

        memory = InMemoryStorage()
        memory.save(name, ContentFile(bundle(name, read).encode("utf-8")))
        return memory, name
