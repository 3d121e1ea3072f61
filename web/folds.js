// Which items are shown: all, or with noise folded. Rows of one lane and level, in the order of their places.

class Shown {
  constructor(tree, isFolded) {
    this.tree = tree;
    this.isFolded = isFolded;
    this.rows = tree.lanes.map((lane) => Array.from({ length: lane.depth }, () => []));
    const folds = tree.data.noise;
    let fold = 0;
    for (let item = 0; item < tree.items; item++) {
      while (isFolded && fold < folds.length && folds[fold].low === item) {
        const id = tree.items + fold++;
        this.rows[tree.lane[id]][tree.level[id]].push(id);
      }
      if (!this.hides(item)) this.rows[tree.lane[item]][tree.level[item]].push(item);
    }
    for (const levels of this.rows) while (levels.length > 1 && !levels.at(-1).length) levels.pop();
    this.childrenOf = new Map();
  }

  hides(item) { return this.isFolded && !this.tree.isFold(item) && this.tree.hidden[item] === 1; }

  // The item that stands for a hidden one.
  visible(item) { return this.hides(item) ? this.tree.foldOf(item) : item; }

  // Items directly below `item`, or the roots of all lanes for -1.
  children(item) {
    if (item < 0) return this.rows.flatMap((levels) => levels[0] ?? []);
    const known = this.childrenOf.get(item);
    if (known) return known;
    const { tree } = this;
    const row = this.rows[tree.lane[item]][tree.level[item] + 1] ?? [];
    const made = [];
    for (let place = firstFrom(row, item, tree); place < row.length && tree.parent[row[place]] === item; place++) made.push(row[place]);
    this.childrenOf.set(item, made);
    return made;
  }

  siblings(item) { return this.tree.parent[item] < 0 ? this.children(-1) : this.children(this.tree.parent[item]); }
}

// The place of the first in `row` that comes after `item` in the order of the trace.
function firstFrom(row, item, tree) {
  const order = (id) => (tree.isFold(id) ? tree.data.noise[id - tree.items].low : id);
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(row[middle]) > order(item)) high = middle; else low = middle + 1;
  }
  return low;
}

// The place of the first in `row`, from `start` on, that ends after `x`.
function firstEndingAfter(row, x, x1, start = 0) {
  let low = start;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x1[row[middle]] > x) high = middle; else low = middle + 1;
  }
  return low;
}
