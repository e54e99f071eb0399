"""Keys that must outlive the web key: what they prove or open is kept for years (docs/adr/0042)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from lms.settings.environment import PRODUCTION, VAR_DIR, env


def local_key(folder: Path, name: str) -> str:
    """Return the key ``name`` of a machine on which the product is only tried; it is made once and kept in ``folder``.

    Of several processes that start at the same time all get the same one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        draft = folder / f".{name}-{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # unlike a rename it never replaces the key that another process has just made
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


# The audit trail is proved for ten years and factors are opened as long as people have them: neither may depend on the
# web key, which is changed every other year. A production sets both itself (sen.E009, sen.E010).
SEN_AUDIT_KEY = env.str("SEN_AUDIT_KEY", default="" if PRODUCTION else local_key(VAR_DIR / "keys", "audit"))
SEN_AUDIT_KEY_FALLBACKS = env.list("SEN_AUDIT_KEY_FALLBACKS", default=[])
# The first encrypts, all open.
SEN_FACTOR_KEYS = env.list("SEN_FACTOR_KEYS", default=[] if PRODUCTION else [local_key(VAR_DIR / "keys", "factor")])
