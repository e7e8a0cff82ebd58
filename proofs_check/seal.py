"""The digest that seals a certificate: it shows a change by accident, not one by malice.

Whoever changes a certificate on purpose can seal it anew; its claims are therefore decided again
by ``proofs_check.recheck`` whatever the seal says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

KEY = "digest"


def digest_of(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document without its seal, in a canonical form."""
    content = {key: value for key, value in document.items() if key != KEY}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(text.encode("ascii")).hexdigest()


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with its digest as the last entry."""
    return {**{k: v for k, v in document.items() if k != KEY}, KEY: digest_of(document)}
