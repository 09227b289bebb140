"""Tide levels at a small harbour, from a handful of harmonic constituents.

The level above chart datum is a mean plus a sum of cosines, one for each constituent:

    level(t) = mean + sum(amplitude * cos(speed * t - phase))

Amplitudes are in metres, speeds in degrees an hour, phases in degrees, and t in hours since the
start of the year. Wind and air pressure are not in it: on a stormy day believe the gauge.
"""

from dataclasses import dataclass
from math import cos, radians


@dataclass(frozen=True)
class Constituent:
    """One regular part of the tide."""

    name: str
    amplitude: float
    speed: float
    phase: float


# The moon twice a day, the sun twice a day, the moon's distance, and the two daily ones.
HARBOUR = (
    Constituent("M2", 1.62, 28.984104, 142.0),
    Constituent("S2", 0.54, 30.0, 187.0),
    Constituent("N2", 0.31, 28.439730, 118.0),
    Constituent("K1", 0.09, 15.041069, 31.0),
    Constituent("O1", 0.07, 13.943036, 274.0),
)

MEAN_LEVEL = 2.35
SILL = 1.10


def level(hours, constituents=HARBOUR, mean=MEAN_LEVEL):
    """Metres above chart datum at a time in hours."""
    return mean + sum(c.amplitude * cos(radians(c.speed * hours - c.phase)) for c in constituents)


def slope(hours, step=1 / 60):
    """Metres an hour, positive while the tide rises."""
    return (level(hours + step) - level(hours - step)) / (2 * step)


def turning_points(start, end, step=0.1):
    """High and low waters between two times, as (hours, metres, is_high).

    Walks in small steps until the slope changes its sign, then halves the interval.
    """
    found = []
    before = slope(start)
    hours = start + step
    while hours <= end:
        after = slope(hours)
        if before * after < 0:
            left, right = hours - step, hours
            while right - left > 1 / 600:
                middle = (left + right) / 2
                if slope(left) * slope(middle) <= 0:
                    right = middle
                else:
                    left = middle
            found.append((left, level(left), before > 0))
        before = after
        hours += step
    return found


def lock_hours(start, end):
    """When the lock may be worked: from two hours before each high water until it has fallen a metre."""
    windows = []
    for hours, high, is_high in turning_points(start, end):
        if not is_high:
            continue
        closing = hours
        while level(closing) > high - 1.0 and closing < hours + 6:
            closing += 1 / 12
        windows.append((hours - 2, closing))
    return windows


def depth_over_sill(hours, draught):
    """Metres of water left under a keel at the lock; negative means aground."""
    return level(hours) - SILL - draught


def clock(hours):
    """Hours since the start of the year as day and time."""
    day, rest = divmod(hours, 24)
    return f"day {int(day) + 1:3d}  {int(rest):02d}:{int(rest % 1 * 60):02d}"


def main():
    for hours, metres, is_high in turning_points(0, 48):
        print(f"{clock(hours)}  {'high' if is_high else 'low '}  {metres:4.2f} m")
    print()
    for opening, closing in lock_hours(0, 48):
        print(f"lock open from {clock(opening)} to {clock(closing)}")


if __name__ == "__main__":
    main()
