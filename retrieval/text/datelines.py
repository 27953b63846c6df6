"""Datelines: the place and the agency before the first sentence of a report: "WASHINGTON (Reuters) - ", "(CNN)"."""

from __future__ import annotations

from retrieval.text.lazy_pattern import LazyPattern

_AGENCY = r"\((?:CNN|CNN Business|AP|Reuters|AFP|UPI|Bloomberg|ANI|IANS|Xinhua|NBC News|CBS News|CBS/AP)\)"
_PLACE = r"[A-Z][\w.’'/-]{1,30}(?:,? [\w.’'/-]{1,30}){0,5}"
_CAPITALS = r"[A-Z][A-Z.’'-]{2,20}(?: [A-Z][A-Z.’'-]{0,20}){0,3}(?:, [A-Z][\w.]{1,20}(?: [A-Z][\w.]{1,20}){0,2})?"
_DASH = r"[—–―-]{1,2}"
_DATELINE = LazyPattern(
    rf"\s{{0,3}}(?:(?:{_PLACE},?\s)?{_AGENCY}(?:\s{{0,2}}{_DASH}|\s{{0,2}}:)?\s{{0,3}}|{_CAPITALS}\s{{0,2}}{_DASH}\s)"
    r"(?=[\"'“‘(]{0,2}[A-Z0-9$])"
)


def dateline_end(text: str) -> int:
    """Return where the sentence after the dateline begins; 0 where ``text`` begins with none."""
    found = _DATELINE.match(text)
    return found.end() if found else 0
