"""Pictures of figures as SVG, made here: no script, no library, no style of its own but the classes of dashboard.css.

Every picture stands beside its table, and each series has a pattern as well as a colour.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH, HEIGHT = 720, 160
GAP = 0.22  # of a column's place
FEW, ROUND = (
    (2, 4, 6, 8, 10),
    (12, 16, 20, 30, 40, 50, 60, 80, 100),
)  # even, so that the middle line is a whole number too
SERIES = ("first", "second", "third", "fourth")


def columns(labels: Sequence[str], stacks: Sequence[Sequence[int]], label: str) -> Markup:
    """Columns side by side, each a stack of series from the bottom up. `labels` are told by the pointer, `label` by a reader."""
    most = upper_line(stacks)
    place = WIDTH / max(1, len(stacks))
    parts = [_line(HEIGHT / 2), _line(0.5)]
    for number, (name, stack) in enumerate(zip(labels, stacks, strict=True)):
        parts.append(f"<g><title>{escape(name)}</title>")
        x, top = (number + GAP / 2) * place, float(HEIGHT)
        parts.append(f'<rect class="hover" x="{number * place:.1f}" y="0" width="{place:.1f}" height="{HEIGHT}"/>')
        for series, value in zip(SERIES, stack, strict=False):
            height = value * HEIGHT / most
            top -= height
            if height:
                parts.append(_rectangle(series, x, top, place * (1 - GAP), height))
        parts.append("</g>")
    return Markup(
        f'<svg class="columns" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def upper_line(stacks: Sequence[Sequence[int]]) -> int:
    """What the upper line of a picture stands for: a round number, not far above the highest column; the middle line is its half."""
    most = max([1, *(sum(stack) for stack in stacks)])
    power = 1
    while most > ROUND[-1] * power:
        power *= 10
    return next(number for number in (*FEW, *(one * power for one in ROUND)) if most <= number)


def bar(share: float, series: str = "first") -> Markup:
    """A bar within a cell; the number stands beside it."""
    width = 100 * min(1.0, max(0.0, share))
    return Markup(
        '<svg class="gauge" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="rail" width="100" height="10"/>{_rectangle(series, 0, 0, width, 10)}</svg>'
    )


def swatch(series: str) -> Markup:
    """What a series looks like, for the legend."""
    return Markup(
        f'<svg class="swatch" viewBox="0 0 14 14" aria-hidden="true">{_rectangle(series, 0.5, 0.5, 13, 13)}</svg>'
    )


def _rectangle(series: str, x: float, y: float, width: float, height: float) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    pattern = f'<rect fill="url(#pattern-{series})" {place}/>' if series != "first" else ""
    return f'<rect class="series-{series}" {place}/>{pattern}'


def _line(y: float) -> str:
    return f'<line class="grid" x1="0" x2="{WIDTH}" y1="{y}" y2="{y}"/>'


def patterns() -> Markup:
    """The patterns of the series; once on a page that has pictures."""
    return Markup(
        '<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>'
        '<pattern id="pattern-second" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="ink" width="2" height="6"/></pattern>'
        '<pattern id="pattern-third" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<circle class="ink" cx="3" cy="3" r="1.2"/></pattern>'
        '<pattern id="pattern-fourth" width="4" height="4" patternUnits="userSpaceOnUse">'
        '<rect class="ink" width="4" height="1"/></pattern></defs></svg>'
    )
