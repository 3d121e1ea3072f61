// What of the tree is in sight: a stretch of time, zoomed to a call.

class View {
  constructor(tree) {
    this.tree = tree;
    this.root = -1;
    [this.x0, this.x1] = this.bounds(-1);
  }

  // Of a call, or of the whole tree for -1; never without a width.
  bounds(item) {
    if (item < 0) return [this.tree.first, this.tree.last];
    return [this.tree.x0[item], Math.max(this.tree.x1[item], this.tree.x0[item] + 1)];
  }

  get width() { return this.x1 - this.x0; }

  // Zooms to `item`, in a few steps where motion is welcome. `draw` is called for each.
  zoom(item, draw) {
    this.root = item;
    const [to0, to1] = this.bounds(item);
    const [from0, from1] = [this.x0, this.x1];
    cancelAnimationFrame(this.frame);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      [this.x0, this.x1] = [to0, to1];
      return draw();
    }
    const begun = performance.now();
    const step = (now) => {
      const part = Math.min(1, Math.max(0, (now - begun) / 160));
      const eased = 1 - (1 - part) ** 3;
      this.x0 = from0 + (to0 - from0) * eased;
      this.x1 = from1 + (to1 - from1) * eased;
      draw();
      if (part < 1) this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
    return undefined;
  }

  // Keeps the time at `x` where it is; a factor below 1 comes nearer.
  scale(factor, x) {
    const [least, most] = this.bounds(-1);
    const width = Math.min(most - least, Math.max(10, this.width * factor));
    const part = (x - this.x0) / this.width;
    this.moveTo(x - part * width, width);
  }

  pan(distance) { this.moveTo(this.x0 + distance, this.width); }

  moveTo(x0, width) {
    cancelAnimationFrame(this.frame);
    const [least, most] = this.bounds(-1);
    this.x0 = Math.max(least, Math.min(x0, most - width));
    this.x1 = this.x0 + width;
  }
}
