"""The burndown of a campaign, drawn: how many uses each run found and left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from eventlet_codemod.batch.markup import Element, tag
from eventlet_codemod.batch.model import Point

#: Steps of an axis, times a power of ten.
_STEPS: Final = (1, 2, 5)


def chart(points: Sequence[Point]) -> Element:
    """Draw at least one point, in order. A table has to say the same beside it.

    Places are in percent, so that the drawing fits any width while its letters keep their size.
    """
    top, ticks = _axis(max(max(point.uses, point.rewritten) for point in points))
    xs = _xs(points)
    uses = [100 - 100 * point.uses / top for point in points]
    left = [100 - 100 * (point.uses - point.rewritten) / top for point in points]
    first, last = points[0], points[-1]
    label = (
        f"Burndown over {len(points)} runs: from {first.uses:,} uses, "
        f"{first.uses - first.rewritten:,} of them left, to {last.uses:,} uses, "
        f"{last.uses - last.rewritten:,} of them left. The table has all numbers."
    )
    grid = [_tick(number, 100 - 100 * number / top) for number in ticks]
    areas = tag(
        "svg",
        _area(xs, uses, "uses"),
        _area(xs, left, "left"),
        viewBox="0 0 100 100",
        preserveAspectRatio="none",
        width="100%",
        height="100%",
    )
    low, high = sorted((uses[-1], left[-1]), reverse=True)
    apart = low - high > 8  # percent of the height: less, and one label would cover the other
    drawing = tag(
        "svg",
        grid,
        areas,
        _line(xs, uses, "uses"),
        _line(xs, left, "left"),
        _name(xs[-1], uses[-1] if apart else low - 8, f"{last.uses:,} found"),
        _name(xs[-1], left[-1] if apart else low, f"{last.uses - last.rewritten:,} left"),
        tag("text", first.when[:10], x="0", y="100%", dy="1.5em"),
        tag("text", last.when[:10], x="100%", y="100%", dy="1.5em", text_anchor="end")
        if last.when[:10] != first.when[:10]
        else None,
        role="img",
        aria_label=label,
    )
    return tag("div", drawing, class_="chart")


def _axis(highest: int) -> tuple[float, list[int]]:
    """The upper end of the axis, and the numbers that stand at it."""
    step = next(
        digit * 10**power
        for power in range(len(str(highest)) + 1)
        for digit in _STEPS
        if highest <= 5 * digit * 10**power
    )
    ticks = list(range(0, max(highest, 1) + step, step))
    return float(ticks[-1]), ticks


def _xs(points: Sequence[Point]) -> list[float]:
    """Where each run stands by its time, in percent; one after another where times are unknown."""
    try:
        times = [datetime.fromisoformat(point.when).timestamp() for point in points]
    except (ValueError, OverflowError):
        times = []
    if len(set(times)) < 2 or times != sorted(times):
        times = [float(number) for number in range(len(points))]
    span = times[-1] - times[0]
    return [100 * (time - times[0]) / span for time in times] if span else [100.0 for _ in points]


def _tick(number: int, y: float) -> Element:
    place = f"{y:.2f}%"
    return tag(
        "g",
        tag("line", x1="0", x2="100%", y1=place, y2=place),
        tag("text", f"{number:,}", x="-8", y=place, dy=".32em", text_anchor="end"),
        class_="tick",
    )


def _area(xs: Sequence[float], ys: Sequence[float], kind: str) -> Element:
    places = [(xs[0], 100.0), *zip(xs, ys, strict=True), (xs[-1], 100.0)]
    told = " ".join(f"{x:.2f},{y:.2f}" for x, y in places)
    return tag("polygon", points=told, class_=f"area {kind}")


def _line(xs: Sequence[float], ys: Sequence[float], kind: str) -> Element:
    parts = [
        tag("line", x1=f"{x:.2f}%", y1=f"{y:.2f}%", x2=f"{x2:.2f}%", y2=f"{y2:.2f}%")
        for x, y, x2, y2 in zip(xs, ys, xs[1:], ys[1:], strict=False)
    ]
    dots = [
        tag("circle", cx=f"{x:.2f}%", cy=f"{y:.2f}%", r="3") for x, y in zip(xs, ys, strict=True)
    ]
    return tag("g", parts, dots, class_=f"line {kind}")


def _name(x: float, y: float, text: str) -> Element:
    """What stands at the end of a line."""
    return tag("text", text, x=f"{x:.2f}%", y=f"{y:.2f}%", dx="8", dy=".32em", class_="name")
