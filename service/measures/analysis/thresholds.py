"""What shares of bands are made of, for disclosure: which of them tell each other.

A band is told by the points from which on a score is not in it any more, so that a share counts as the same whatever
the band is called. Who went into a band and who left it make the share after from the one before.
"""

from __future__ import annotations

import math

from service.measures.analysis.arm_view import ArmView
from service.measures.derivable import Moments
from service.measures.instrument import Band, Polarity
from service.measures.reliable_change import Wobble


def least(view: ArmView, band: Band) -> tuple[int, float]:
    """From which score on somebody is on the higher side of this band's edge, and the sign with which that counts:
    1 when the higher side is the less favourable one."""
    if view.records.instrument.polarity is Polarity.HIGHER_IS_WORSE:
        return band.lowest, 1.0
    return band.highest + 1, -1.0


def above(view: ArmView, bands: tuple[Band, ...], band: Band, wave: str) -> Moments:
    """The share in this band or a less favourable one. `bands` stand with the most favourable first."""
    points, sign = least(view, band)
    return _from(view, bands, points, wave, sign)


def entered(view: ArmView, band: Band) -> Moments:
    """The share of the pairs that came to the less favourable side."""
    return ((f"entered {least(view, band)[0]}", 1.0),)


def left(view: ArmView, bands: tuple[Band, ...], band: Band) -> Moments:
    """The share that left it: before minus after plus entered."""
    before = above(view, bands, band, view.plan.baseline)
    after = above(view, bands, band, view.plan.primary)
    return (*before, *_times(after, -1.0), *entered(view, band))


def moved(view: ArmView, bands: tuple[Band, ...]) -> dict[str, Moments]:
    """The shares that moved to a lower band, stayed in theirs, moved to a higher one: together one."""
    lower: Moments = (("moved lower", 1.0),)
    higher: Moments = (("moved higher", 1.0),)
    if len(bands) == 2:  # then to move is to enter or to leave the second
        worse = view.records.instrument.polarity is Polarity.HIGHER_IS_WORSE
        out, back = left(view, bands, bands[1]), entered(view, bands[1])
        lower, higher = (out, back) if worse else (back, out)
    return {"lower": lower, "same": (*_times(lower, -1.0), *_times(higher, -1.0)), "higher": higher}


def reliably(view: ArmView, bands: tuple[Band, ...], wobble: Wobble) -> dict[str, Moments]:
    """The four shares of reliable change, together one, and the share that had room to improve."""
    found: dict[str, Moments] = {
        name: ((f"reliably {name}", 1.0),) for name in ("recovered", "improved", "deteriorated")
    }
    found["unchanged"] = tuple(part for moments in found.values() for part in _times(moments, -1.0))
    if view.records.instrument.polarity is Polarity.HIGHER_IS_WORSE:
        points, sign = math.floor(wobble.minimum + wobble.critical()) + 1, 1.0
    else:
        points, sign = math.ceil(wobble.maximum - wobble.critical()), -1.0
    found["eligible"] = _from(view, bands, points, view.plan.baseline, sign)
    return found


def _from(view: ArmView, bands: tuple[Band, ...], points: int, wave: str, sign: float) -> Moments:
    """The share with so many points or more, `sign` times.

    With a band for every answer of a single question the shares add up to its mean: then the last one is what the mean
    leaves of the others.
    """
    rule = view.records.instrument.score_rule(view.plan.outcome)
    edges = sorted(least(view, band)[0] for band in bands[1:])
    if len(rule.items) > 1 or edges != list(range(rule.minimum + 1, rule.maximum + 1)) or points != edges[-1]:
        return ((f"{wave}>={points}", sign),)
    return (*view.moments(wave, rule.key, sign), *((f"{wave}>={edge}", -sign) for edge in edges[:-1]))


def _times(moments: Moments, factor: float) -> Moments:
    return tuple((moment, factor * weight) for moment, weight in moments)
