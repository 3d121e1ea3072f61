// The calls as a tree with places: each item has a parent, an end, and lies from x0 to x1, in nanoseconds from the start of the run.

class Tree {
  constructor(data) {
    this.data = data;
    this.header = data.header;
    const size = data.items + data.noise.length;
    this.items = data.items;
    this.level = new Int32Array(size);
    this.level.set(data.level);
    this.parent = new Int32Array(size).fill(-1);
    this.end = new Int32Array(size);
    this.lane = new Int32Array(size);
    this.stage = new Int32Array(size).fill(-1);
    this.x0 = new Float64Array(size);
    this.x1 = new Float64Array(size);
    this.path = new Set(data.path);
    this.link();
    if (this.header.hasTimes) this.placeByTime(); else this.placeByOrder();
    this.addFolds();
    this.first = Math.min(...this.lanes.map((lane) => this.x0[lane.first]));
    this.last = this.lanes.reduce((last, lane) => Math.max(last, lane.last), this.first + 1);
  }

  link() {
    const open = [];
    this.lanes = [];
    let item = 0;
    for (const lane of this.header.lanes) {
      this.lanes.push({ name: lane.name, first: item, depth: 0, last: 0 });
      open.length = 0;
      for (let end = item + lane.items; item < end; item++) {
        while (open.length > this.level[item]) this.end[open.pop()] = item;
        this.parent[item] = open.length ? open[open.length - 1] : -1;
        this.lane[item] = this.lanes.length - 1;
        const own = this.data.stages.get(item);
        this.stage[item] = own ? own[own.length - 1] : this.parent[item] >= 0 ? this.stage[this.parent[item]] : -1;
        open.push(item);
      }
      while (open.length) this.end[open.pop()] = item;
    }
  }

  // What has no time of its own lies where its neighbours and its callees leave it.
  placeByTime() {
    const { start, duration, flags } = this.data;
    const unknown = this.header.flags.unknownStart;
    // Where the next callee of each can be at the earliest.
    const next = new Float64Array(this.items);
    for (let item = 0; item < this.items; item++) {
      const parent = this.parent[item];
      this.x0[item] = flags[item] & unknown && parent >= 0 ? next[parent] : start[item];
      this.x1[item] = this.x0[item] + Math.max(0, duration[item]);
      next[item] = this.x0[item];
      if (parent >= 0) next[parent] = Math.max(next[parent], this.x1[item]);
    }
    for (let item = this.items - 1; item >= 0; item--) {
      const parent = this.parent[item];
      if (parent >= 0 && duration[parent] < 0) this.x1[parent] = Math.max(this.x1[parent], this.x1[item]);
      const lane = this.lanes[this.lane[item]];
      lane.last = Math.max(lane.last, this.x1[item]);
    }
  }

  // Without starts, callees stand beside each other at the beginning of their caller.
  placeByOrder() {
    const { duration } = this.data;
    const width = new Float64Array(this.items);
    const below = new Float64Array(this.items);
    const isTimed = duration.some((one) => one > 0);
    for (let item = this.items - 1; item >= 0; item--) {
      width[item] = Math.max(duration[item], below[item], isTimed ? 0 : 1);
      if (this.parent[item] >= 0) below[this.parent[item]] += width[item];
    }
    const next = new Float64Array(this.items);
    for (let item = 0; item < this.items; item++) {
      const parent = this.parent[item];
      const lane = this.lanes[this.lane[item]];
      this.x0[item] = parent >= 0 ? next[parent] : lane.last;
      this.x1[item] = next[item] = this.x0[item];
      this.x1[item] += width[item];
      if (parent >= 0) next[parent] = this.x1[item]; else lane.last = this.x1[item];
    }
  }

  // Folds of `report --tree` are items behind the others, so that all else treats them alike.
  addFolds() {
    this.hidden = new Uint8Array(this.items);
    this.foldTimes = new Float64Array(this.data.noise.length);
    this.data.noise.forEach(({ low, high }, index) => {
      const fold = this.items + index;
      this.level[fold] = this.level[low];
      this.parent[fold] = this.parent[low];
      this.lane[fold] = this.lane[low];
      this.stage[fold] = this.stage[low];
      this.end[fold] = fold + 1;
      this.x0[fold] = this.x0[low];
      this.hidden.fill(1, low, high);
      for (let item = low; item < high; item = this.end[item]) {
        this.x1[fold] = Math.max(this.x1[fold], this.x1[item]);
        this.foldTimes[index] += Math.max(0, this.data.duration[item]);
      }
    });
    for (let item = 0; item < this.items; item++) {
      const lane = this.lanes[this.lane[item]];
      lane.depth = Math.max(lane.depth, this.level[item] + 1);
    }
  }

  // MARK: facts

  isFold(item) { return item >= this.items; }

  // The fold that holds an item, where `hidden` says that one does.
  foldOf(item) {
    const folds = this.data.noise;
    let low = 0;
    let high = folds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (folds[middle].high > item) high = middle; else low = middle + 1;
    }
    return this.items + low;
  }

  name(item) {
    if (this.isFold(item)) return this.header.folds[this.data.noise[item - this.items].label];
    const folded = this.data.folded.get(item);
    if (folded) return `‹${counted(folded.calls, 'short call')}›`;
    const fn = this.header.functions[this.data.fn[item]];
    return fn ? fn[0] : '?';
  }

  // Its place in the sources, or null.
  address(item) {
    const fn = this.isFold(item) ? null : this.header.functions[this.data.fn[item]];
    if (!fn) return null;
    const name = fn.length > 1 ? fn[1] : fn[0];
    return name === null ? null : this.header.link + name;
  }

  // 0: ordinary, 1: interrupt, 2: sleep, 3: noise, as FunctionKind has them.
  kind(item) {
    if (this.isFold(item) || this.data.fn[item] < 0) return 3;
    return this.header.functions[this.data.fn[item]][2] ?? 0;
  }

  // `@1.234 ms`, or null where the trace does not tell when it began: its place in the drawing is then only that of its neighbours.
  start(item) {
    const from = this.isFold(item) ? this.data.noise[item - this.items].low : item;
    return this.header.hasTimes && !(this.data.flags[from] & this.header.flags.unknownStart) ? at(this.x0[item]) : null;
  }

  // -1 where it was not measured.
  duration(item) { return this.isFold(item) ? this.foldTimes[item - this.items] : this.data.duration[item]; }

  result(item) {
    const index = this.isFold(item) ? -1 : this.data.result[item];
    return index < 0 ? null : this.header.results[index];
  }

  remarks(item) {
    if (this.isFold(item)) return [];
    const folded = this.data.folded.get(item);
    if (folded) return folded.unmeasured ? [`‹${count(folded.unmeasured)} not measured›`] : [];
    return this.header.remarks.filter(([flag]) => this.data.flags[item] & flag).map(([, text]) => text);
  }
}
