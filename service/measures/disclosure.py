"""No figure about fewer than ten people, and none from which such a figure could be computed. One function for all."""

from __future__ import annotations

from collections.abc import Sequence

#: The smallest group about which an outcome may be shown (DESIGN 6.6).
THRESHOLD = 10


def hidden_cells(counts: Sequence[int], *, total_is_shown: bool, threshold: int = THRESHOLD) -> tuple[bool, ...]:
    """Which of the cells that together form one total must be hidden.

    `counts` are people per cell (zero allowed). A cell with 1 to `threshold - 1` people is hidden; when the total is
    shown and exactly one cell is hidden, or the hidden cells together hold fewer than `threshold` people, the smallest
    shown cell with people is hidden too, so that the hidden ones cannot be computed. A cell of zero people stays: it is
    about nobody, and hiding it would protect nobody. When the total would give away what is hidden (all people together
    are fewer than `threshold`, say), every cell is hidden and the total may not be shown either: ask `may_show_total`.
    Returns one flag per cell.

    The reader is taken to know this rule. ValueError for a negative count.
    """
    if any(count < 0 for count in counts):
        raise ValueError("a cell cannot hold fewer than zero people")
    flags = [0 < count < threshold for count in counts]
    if not total_is_shown or not any(flags):
        return tuple(flags)
    if not may_show_total(counts, threshold):
        return (True,) * len(counts)
    if _can_be_computed(_chosen(counts, flags), threshold):
        shown = [place for place, count in enumerate(counts) if count >= threshold]
        if shown:
            flags[min(shown, key=lambda place: counts[place])] = True
    return tuple(flags)


def may_show_total(counts: Sequence[int], threshold: int = THRESHOLD) -> bool:
    """Whether the total of these cells may stand beside the cells that `hidden_cells` leaves.

    Not when all people together are fewer than `threshold`, and not when no shown cell is left that could hide the
    small ones: three cells of nine people that add up to 27 are known from their total.
    """
    small = [count for count in counts if 0 < count < threshold]
    total = sum(counts)
    if not small:
        return True
    return total >= threshold and (max(counts) >= threshold or not _can_be_computed(small, threshold))


def may_show(count: int, threshold: int = THRESHOLD) -> bool:
    """Whether an outcome figure (mean, share, score) about `count` people may be shown."""
    return count >= threshold


def _can_be_computed(small: Sequence[int], threshold: int) -> bool:
    """Whether the sum of these cells gives them away to somebody who knows that each holds 1 to threshold - 1 people.

    One cell is its own sum; a sum below the threshold is itself a figure about too few; a sum that only ones can reach
    says what every cell holds, and so does one that only the largest can reach (from three cells on: of two, one could
    be the larger cell that is hidden with a smaller one).
    """
    total, cells = sum(small), len(small)
    if cells == 1 or total < threshold:
        return True
    return total == cells or (cells > 2 and total == cells * (threshold - 1))


def _chosen(counts: Sequence[int], flags: Sequence[bool]) -> list[int]:
    return [count for count, flag in zip(counts, flags, strict=True) if flag]
