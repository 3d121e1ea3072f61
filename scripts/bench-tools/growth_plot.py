"""A chart of CPU time over the number of events, as SVG that is readable on light and dark ground. Both axes are logarithmic: what grows
linearly is a line of one slope."""

import math

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 215, 40, 50
COLORS = ["#2f81f7", "#d29922", "#8957e5", "#3fb950", "#db61a2"]
STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #24292f }
    .axis { stroke: #57606a } .grid { stroke: #d0d7de } .series { fill: none; stroke-width: 2 }
    @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .axis { stroke: #8b949e } .grid { stroke: #30363d } }
"""


def seconds(value):
    return f"{value * 1000:g} ms" if value < 1 else f"{value:g} s"


class Chart:
    def __init__(self, series):
        events = [x for points in series.values() for x, _ in points]
        times = [y for points in series.values() for _, y in points]
        self.series = series
        self.x = (math.log10(min(events)), math.log10(max(events)))
        self.y = (math.floor(math.log10(min(times))), math.ceil(math.log10(max(times))))

    def place(self, x, y):
        across = (math.log10(x) - self.x[0]) / (self.x[1] - self.x[0])
        up = (math.log10(y) - self.y[0]) / (self.y[1] - self.y[0])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    def axes(self):
        right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
        for power in range(self.y[0], self.y[1] + 1):
            _, y = self.place(10 ** self.x[0], 10.0**power)
            yield f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>'
            yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{seconds(10.0**power)}</text>'
        for events in sorted({x for points in self.series.values() for x, _ in points}):
            x, _ = self.place(events, 10.0 ** self.y[0])
            yield f'<line class="axis" x1="{x:.1f}" y1="{bottom}" x2="{x:.1f}" y2="{bottom + 5}"/>'
            yield f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{events / 1e6:.0f} M</text>'
        yield f'<line class="axis" x1="{LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}"/>'
        yield f'<text x="{(LEFT + right) / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">events of the trace</text>'

    def lines(self):
        labels = []
        for (name, points), color in zip(self.series.items(), COLORS):
            places = [self.place(x, y) for x, y in points]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
            yield f'<polyline class="series" stroke="{color}" points="{path}"/>'
            for x, y in places:
                yield f'<circle fill="{color}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
            labels.append((places[-1][1], f"{name}, {points[-1][1]:.1f} s"))
        # Below one another, however close the lines end.
        below = 0
        for y, text in sorted(labels):
            below = max(y, below + 17)
            yield f'<text x="{WIDTH - RIGHT + 10}" y="{below + 4:.1f}">{text}</text>'

    def svg(self):
        body = "\n  ".join([*self.axes(), *self.lines()])
        title = "CPU time over the number of events, both axes logarithmic"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n  <title>{title}</title>\n'
            f"  <style>{STYLE}  </style>\n"
            f'  <text x="{LEFT}" y="22">{title}</text>\n  {body}\n</svg>\n'
        )
