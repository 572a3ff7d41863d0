"""Study days: local days that begin at 4 a.m., counted from 1970."""

DAY = 86_400_000_000
"""Microseconds."""
_DAY_STARTS = 4 * 3600


def study_day(at: int, offset: int) -> int:
    """Return the study day of a time in microseconds since 1970 UTC, with the local offset in seconds east of UTC."""
    return (at + (offset - _DAY_STARTS) * 1_000_000) // DAY
