// Draws what is in sight. The work depends on the pixels, not on the number of calls: what is narrower than a pixel is skipped to the next.

const rowHeight = 18;
const laneHeight = 20;
const mostLevels = 56;

class Painter {
  constructor(canvas, tree) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.tree = tree;
    this.tops = [];
    this.widths = new Map();
  }

  // Lanes have their names above them where there are several, and the height of what is shown of them.
  place(shown) {
    let y = 0;
    this.tops = shown.rows.map((levels) => {
      y += this.tree.lanes.length > 1 ? laneHeight : 0;
      const top = y;
      y += Math.min(levels.length, mostLevels) * rowHeight;
      return top;
    });
    this.height = y;
  }

  resize(shown) {
    this.place(shown);
    const ratio = window.devicePixelRatio || 1;
    this.width = this.canvas.parentElement.clientWidth;
    this.canvas.width = Math.max(1, Math.round(this.width * ratio));
    this.canvas.height = Math.max(1, Math.round(this.height * ratio));
    this.canvas.style.height = `${this.height}px`;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.palette = new Palette(this.canvas);
    this.widths.clear();
  }

  // Of a very deep tree, the levels around the call that is zoomed to.
  skipped(lane, view) {
    const { depth } = this.tree.lanes[lane];
    if (depth <= mostLevels || view.root < 0 || this.tree.lane[view.root] !== lane) return 0;
    return Math.max(0, Math.min(this.tree.level[view.root] - 4, depth - mostLevels));
  }

  // Whether the level of `item` is drawn.
  shows(item, view) {
    const level = this.tree.level[item] - this.skipped(this.tree.lane[item], view);
    return level >= 0 && level < mostLevels;
  }

  draw(view, shown, state) {
    const { context, palette } = this;
    context.font = palette.font;
    context.textBaseline = 'middle';
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, this.width, this.height);
    this.scale = this.width / view.width;
    this.tree.lanes.forEach((lane, index) => {
      if (this.tree.lanes.length > 1) this.text(lane.name, 4, this.tops[index] - laneHeight / 2, this.width - 8, palette.quiet);
      const skipped = this.skipped(index, view);
      shown.rows[index].slice(skipped, skipped + mostLevels).forEach((row, place) => {
        this.drawRow(row, this.tops[index] + place * rowHeight, view, state);
      });
    });
    for (const item of state.matches ?? []) this.mark(shown.visible(item), view, palette.match, 2, true);
    for (const item of this.tree.data.path) this.mark(shown.visible(item), view, palette.bad, 2, false);
    if (state.focus >= 0) this.mark(shown.visible(state.focus), view, palette.focus, 3, false);
  }

  drawRow(row, y, view, state) {
    const { x0, x1 } = this.tree;
    let place = firstEndingAfter(row, view.x0, x1);
    while (place < row.length && x0[row[place]] < view.x1) {
      const item = row[place];
      const left = Math.max(0, (x0[item] - view.x0) * this.scale);
      const right = Math.min(this.width, (x1[item] - view.x0) * this.scale);
      if (right - left >= 1) {
        this.drawItem(item, left, right - left, y, state);
        place++;
      } else {
        this.context.globalAlpha = state.matches ? 0.25 : 0.7;
        this.context.fillStyle = this.palette.fill(this.tree, item);
        this.context.fillRect(left, y, 1, rowHeight - 1);
        this.context.globalAlpha = 1;
        place = Math.max(place + 1, firstEndingAfter(row, view.x0 + (left + 1) / this.scale, x1, place));
      }
    }
  }

  drawItem(item, left, width, y, state) {
    const { context, palette, tree } = this;
    const isMatch = state.matches ? state.isMatch(item) : false;
    const gap = width > 3 ? 1 : 0;
    const kind = tree.kind(item);
    context.globalAlpha = state.matches && !isMatch ? 0.3 : 1;
    context.fillStyle = isMatch ? palette.match : kind === 3 ? palette.panel : palette.fill(tree, item);
    context.fillRect(left, y, width - gap, rowHeight - 1);
    if (kind === 3 || tree.duration(item) < 0) this.outline(left, y, width - gap, tree.duration(item) < 0);
    if (kind === 1 || kind === 2) {
      context.fillStyle = kind === 1 ? palette.irq : palette.asleep;
      context.fillRect(left, y, width - gap, rowHeight - 1);
    }
    if (width > 28) {
      // What does not match is dimmed to the ground's colour, on which dark text may not be read.
      const isDim = state.matches && !isMatch;
      const colour = isDim ? palette.text : kind === 3 && !isMatch ? palette.quiet : palette.onFill;
      context.globalAlpha = isDim ? 0.75 : 1;
      this.text(this.label(item), left + 4, y + rowHeight / 2, width - 8, colour);
    }
    context.globalAlpha = 1;
  }

  // Dashed where no time was measured.
  outline(left, y, width, isDashed) {
    const { context, palette } = this;
    context.setLineDash(isDashed ? [3, 2] : []);
    context.lineWidth = 1;
    context.strokeStyle = isDashed ? palette.quiet : palette.line;
    context.strokeRect(left + 0.5, y + 0.5, Math.max(0, width - 1), rowHeight - 2);
    context.setLineDash([]);
  }

  label(item) {
    const result = this.tree.result(item);
    return this.tree.name(item) + (result && result[1] ? ` = ${result[0]}` : '') + this.tree.remarks(item).map((text) => ` ${text}`).join('');
  }

  // As much of the text as there is room for.
  text(text, x, y, room, colour) {
    let width = this.widths.get(text);
    if (width === undefined) this.widths.set(text, (width = this.context.measureText(text).width));
    let shown = text;
    if (width > room) shown = text.slice(0, Math.max(0, Math.floor((text.length * room) / width) - 1)) + '…';
    if (shown.length < 3 && shown !== text) return;
    this.context.fillStyle = colour;
    this.context.fillText(shown, x, y);
  }

  // A frame, or a filled mark, that stays visible however narrow the call is.
  mark(item, view, colour, width, isFilled) {
    const { tree, context } = this;
    if (!this.shows(item, view) || tree.x1[item] < view.x0 || tree.x0[item] > view.x1) return;
    const level = tree.level[item] - this.skipped(tree.lane[item], view);
    const left = Math.max(0, (tree.x0[item] - view.x0) * this.scale);
    const size = Math.max(2, Math.min(this.width, (tree.x1[item] - view.x0) * this.scale) - left);
    const y = this.tops[tree.lane[item]] + level * rowHeight;
    if (isFilled) {
      if (size > 3) return;
      context.fillStyle = colour;
      context.fillRect(left, y, size, rowHeight - 1);
      return;
    }
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(left + width / 2, y + width / 2, Math.max(1, size - width - 1), rowHeight - 1 - width);
  }

  // The item at a point, or -1.
  find(x, y, view, shown) {
    const time = view.x0 + x / this.scale;
    for (let lane = this.tops.length - 1; lane >= 0; lane--) {
      if (y < this.tops[lane]) continue;
      const row = shown.rows[lane][Math.floor((y - this.tops[lane]) / rowHeight) + this.skipped(lane, view)] ?? [];
      const place = firstEndingAfter(row, time - 0.5 / this.scale, this.tree.x1);
      return place < row.length && this.tree.x0[row[place]] <= time + 1 / this.scale ? row[place] : -1;
    }
    return -1;
  }
}
