// Finds calls by a part of their function's name, in either case.

class Search {
  constructor(tree) {
    this.tree = tree;
    this.clear();
  }

  clear() {
    this.items = null;
    this.functions = new Set();
    this.folds = new Set();
    this.place = -1;
  }

  // An empty text finds nothing, and dims nothing.
  find(text) {
    this.clear();
    const wanted = text.trim().toLowerCase();
    if (!wanted) return;
    this.tree.header.functions.forEach(([name], index) => {
      if (name.toLowerCase().includes(wanted)) this.functions.add(index);
    });
    this.items = [];
    for (let item = 0; item < this.tree.items; item++) {
      if (!this.functions.has(this.tree.data.fn[item])) continue;
      this.items.push(item);
      if (this.tree.hidden[item]) this.folds.add(this.tree.foldOf(item));
    }
  }

  // A fold matches where a call in it does.
  matches(item) { return this.tree.isFold(item) ? this.folds.has(item) : this.functions.has(this.tree.data.fn[item]); }

  // The next match in either direction, or -1.
  step(direction) {
    if (!this.items?.length) return -1;
    const size = this.items.length;
    this.place = this.place < 0 && direction < 0 ? size - 1 : (this.place + direction + size) % size;
    return this.items[this.place];
  }

  // What it found, with the time of the calls that were measured; a call below another match is part of that one's time.
  get summary() {
    if (!this.items) return '';
    let sum = 0;
    let end = 0;
    for (const item of this.items) {
      if (item < end) continue;
      end = this.tree.end[item];
      sum += Math.max(0, this.tree.data.duration[item]);
    }
    const { length } = this.items;
    return length ? `${counted(length, 'call')} of ${counted(this.functions.size, 'function')}, ${time(sum)}` : 'no call matches';
  }
}
