"""小走势图: a few numbers as a small line inside a cell; the numbers themselves stand in its name."""

from html import escape

ARROW = " → "
WIDTH, HEIGHT, EDGE = 96, 26, 4


def trend(text: str) -> str:
    """走势: an SVG line through the numbers of ``text``, oldest first, the last marked; fewer than two stay text."""
    numbers = _numbers(text)
    if len(numbers) < 2:
        return escape(text)
    low, high = min(numbers), max(numbers)
    points = [
        (EDGE + (WIDTH - 2 * EDGE) * place / (len(numbers) - 1), _height(number, low, high))
        for place, number in enumerate(numbers)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    last_x, last_y = points[-1]
    return (
        f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">'
        f'<title>{escape(text)}</title><polyline points="{line}"/>'
        f'<circle cx="{last_x:.1f}" cy="{last_y:.1f}" r="2.5"/></svg>'
    )


def _height(number: float, low: float, high: float) -> float:
    """Upwards is more; what never changes runs through the middle."""
    return HEIGHT / 2 if high == low else HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (number - low) / (high - low)


def _numbers(text: str) -> list[float]:
    """Decimals are for drawing only."""
    try:
        return [float(part.replace(",", "")) for part in text.split(ARROW.strip()) if part.strip()]
    except ValueError:
        return []
