// Made by scripts/generate-page from web/.

/// The script of the pages.
enum PageScript {
  /// What the page's policy knows it by.
  static let hash = "sha256-SskUgXg8Kc/VjuDI0mvIQsti6gnSSSB57f3HxSytT+s="

  static let text = #"""
    'use strict';
    (() => {
    const count = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');
    const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
    const units = [['µs', 1e3], ['ms', 1e6], ['s', 1e9]];
    function time(nanoseconds) {
      if (nanoseconds < 1000) return `${nanoseconds} ns`;
      for (const [unit, size] of units) {
        for (const scale of [1000, 100, 10]) {
          const step = size / scale;
          const scaled = Math.floor(nanoseconds / step) + ((nanoseconds % step) * 2 >= step ? 1 : 0);
          if (scaled < 10000) return `${(scaled / scale).toFixed(Math.log10(scale))} ${unit}`;
        }
      }
      return `${Math.floor(nanoseconds / 1e9)} s`;
    }
    const at = (nanoseconds) => (nanoseconds < 0 ? `@-${time(-nanoseconds)}` : `@${time(nanoseconds)}`);
    function element(name, attributes = {}, ...children) {
      const made = document.createElement(name);
      for (const [key, value] of Object.entries(attributes)) {
        if (value === undefined || value === false) continue;
        if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
        else made.setAttribute(key, value === true ? '' : value);
      }
      made.append(...children.filter((child) => child !== undefined && child !== null));
      return made;
    }
    function announce(text) {
      document.getElementById('status').textContent = text;
    }
    async function inflate(text, size) {
      const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
      const bytes = new Uint8Array(size);
      let filled = 0;
      const reader = stream.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        bytes.set(value, filled);
        filled += value.length;
      }
      if (filled !== size) throw new Error(`${filled} bytes of ${size}`);
      return bytes;
    }
    class Column {
      constructor(bytes, start, end) {
        this.bytes = bytes;
        this.place = start;
        this.end = end;
        this.last = 0;
      }
      get isAtEnd() { return this.place >= this.end; }
      next() {
        let byte = this.bytes[this.place++];
        if (byte < 128) return byte;
        let value = byte & 127;
        let scale = 128;
        do {
          byte = this.bytes[this.place++];
          value += (byte & 127) * scale;
          scale *= 128;
        } while (byte >= 128);
        return value;
      }
      nextSigned() {
        const value = this.next();
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
      nextPlace() { return (this.last += this.next()); }
    }
    const columnNames = ['level', 'fn', 'start', 'duration', 'flags', 'result', 'cpu', 'fold', 'stage', 'path', 'noise'];
    function columns(header, bytes) {
      const made = {};
      let place = 0;
      columnNames.forEach((name, index) => {
        made[name] = new Column(bytes, place, place + header.columns[index]);
        place += header.columns[index];
      });
      return made;
    }
    async function unpack(header, text) {
      const from = columns(header, await inflate(text, header.bytes));
      const items = header.items;
      const data = {
        header, items,
        level: new Int32Array(items), fn: new Int32Array(items), start: new Float64Array(items), duration: new Float64Array(items),
        flags: new Uint16Array(items), result: new Int32Array(items).fill(-1), cpu: new Uint16Array(items),
        folded: new Map(), stages: new Map(), path: [], noise: [],
      };
      unpackRows(data, from);
      unpackSparse(data, from);
      return data;
    }
    function unpackRows(data, from) {
      let item = 0;
      let start = 0;
      for (const lane of data.header.lanes) {
        let level = -1;
        for (let end = item + lane.items; item < end; item++) {
          level = level + 1 - from.level.next();
          data.level[item] = level;
          data.fn[item] = from.fn.next() - 1;
          if (data.header.hasTimes) data.start[item] = start += from.start.nextSigned();
          data.duration[item] = from.duration.next() - 1;
        }
      }
    }
    function unpackSparse(data, from) {
      while (!from.flags.isAtEnd) data.flags[from.flags.nextPlace()] = from.flags.next();
      while (!from.result.isAtEnd) data.result[from.result.nextPlace()] = from.result.next();
      while (!from.fold.isAtEnd) data.folded.set(from.fold.nextPlace(), { calls: from.fold.next(), unmeasured: from.fold.next() });
      while (!from.path.isAtEnd) data.path.push(from.path.nextPlace());
      while (!from.stage.isAtEnd) {
        const place = from.stage.nextPlace();
        data.stages.set(place, [...(data.stages.get(place) ?? []), from.stage.next()]);
      }
      while (!from.noise.isAtEnd) {
        const low = from.noise.nextPlace();
        data.noise.push({ low, high: low + from.noise.next(), label: from.noise.next() });
      }
      let cpu = 0;
      let next = from.cpu.isAtEnd ? -1 : from.cpu.nextPlace();
      for (let item = 0; item < data.items; item++) {
        if (item === next) {
          cpu = from.cpu.next();
          next = from.cpu.isAtEnd ? -1 : from.cpu.nextPlace();
        }
        data.cpu[item] = cpu;
      }
    }
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
      placeByTime() {
        const { start, duration, flags } = this.data;
        const unknown = this.header.flags.unknownStart;
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
      isFold(item) { return item >= this.items; }
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
      address(item) {
        const fn = this.isFold(item) ? null : this.header.functions[this.data.fn[item]];
        if (!fn) return null;
        const name = fn.length > 1 ? fn[1] : fn[0];
        return name === null ? null : this.header.link + name;
      }
      kind(item) {
        if (this.isFold(item) || this.data.fn[item] < 0) return 3;
        return this.header.functions[this.data.fn[item]][2] ?? 0;
      }
      start(item) {
        const from = this.isFold(item) ? this.data.noise[item - this.items].low : item;
        return this.header.hasTimes && !(this.data.flags[from] & this.header.flags.unknownStart) ? at(this.x0[item]) : null;
      }
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
      visible(item) { return this.hides(item) ? this.tree.foldOf(item) : item; }
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
    function firstEndingAfter(row, x, x1, start = 0) {
      let low = start;
      let high = row.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (x1[row[middle]] > x) high = middle; else low = middle + 1;
      }
      return low;
    }
    class Palette {
      constructor(node) {
        const style = getComputedStyle(node);
        const value = (name) => style.getPropertyValue(name).trim();
        this.stages = Array.from({ length: 7 }, (_, index) => value(`--s${index}`));
        this.none = value('--none');
        this.ground = value('--ground');
        this.panel = value('--panel');
        this.line = value('--line');
        this.text = value('--text');
        this.quiet = value('--quiet');
        this.bad = value('--bad');
        this.focus = value('--focus');
        this.match = value('--match');
        this.onFill = value('--on-fill');
        this.irq = value('--irq');
        this.asleep = value('--asleep');
        this.font = `11px ${value('--sans')}`;
      }
      fill(tree, item) {
        const stage = tree.header.stages[tree.stage[item]];
        return stage && stage.colour !== null ? this.stages[stage.colour] : this.none;
      }
    }
    class View {
      constructor(tree) {
        this.tree = tree;
        this.root = -1;
        [this.x0, this.x1] = this.bounds(-1);
      }
      bounds(item) {
        if (item < 0) return [this.tree.first, this.tree.last];
        return [this.tree.x0[item], Math.max(this.tree.x1[item], this.tree.x0[item] + 1)];
      }
      get width() { return this.x1 - this.x0; }
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
      skipped(lane, view) {
        const { depth } = this.tree.lanes[lane];
        if (depth <= mostLevels || view.root < 0 || this.tree.lane[view.root] !== lane) return 0;
        return Math.max(0, Math.min(this.tree.level[view.root] - 4, depth - mostLevels));
      }
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
          const isDim = state.matches && !isMatch;
          const colour = isDim ? palette.text : kind === 3 && !isMatch ? palette.quiet : palette.onFill;
          context.globalAlpha = isDim ? 0.75 : 1;
          this.text(this.label(item), left + 4, y + rowHeight / 2, width - 8, colour);
        }
        context.globalAlpha = 1;
      }
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
      text(text, x, y, room, colour) {
        let width = this.widths.get(text);
        if (width === undefined) this.widths.set(text, (width = this.context.measureText(text).width));
        let shown = text;
        if (width > room) shown = text.slice(0, Math.max(0, Math.floor((text.length * room) / width) - 1)) + '…';
        if (shown.length < 3 && shown !== text) return;
        this.context.fillStyle = colour;
        this.context.fillText(shown, x, y);
      }
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
      matches(item) { return this.tree.isFold(item) ? this.folds.has(item) : this.functions.has(this.tree.data.fn[item]); }
      step(direction) {
        if (!this.items?.length) return -1;
        const size = this.items.length;
        this.place = this.place < 0 && direction < 0 ? size - 1 : (this.place + direction + size) % size;
        return this.items[this.place];
      }
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
    const mostChildren = 100;
    class Details {
      constructor(tree, go) {
        this.tree = tree;
        this.go = go;
        this.node = element('div', { class: 'call-details' });
      }
      show(item, shown) {
        this.node.replaceChildren(this.trail(item), this.heading(item), this.facts(item), this.children(item, shown));
      }
      button(item) {
        return element('button', { type: 'button', class: 'link', onclick: () => this.go(item) }, this.tree.name(item));
      }
      trail(item) {
        const way = [];
        for (let above = this.tree.parent[item]; above >= 0; above = this.tree.parent[above]) way.unshift(above);
        const list = element('ol', { class: 'trail', 'aria-label': 'Callers' });
        way.forEach((above) => list.append(element('li', {}, this.button(above))));
        return list;
      }
      heading(item) {
        const address = this.tree.address(item);
        const name = element('code', {}, this.tree.name(item));
        const result = this.tree.result(item);
        return element('h4', {},
          address ? element('a', { class: 'source', href: address, rel: 'noreferrer noopener', target: '_blank' }, name) : name,
          result ? element('span', { class: result[1] ? 'result bad' : 'result' }, ` = ${result[0]}`) : null);
      }
      facts(item) {
        const { tree } = this;
        const list = element('dl');
        const add = (name, text) => { if (text) list.append(element('dt', {}, name), element('dd', {}, text)); };
        const duration = tree.duration(item);
        add('start', tree.start(item));
        add('time', duration < 0 ? 'not measured' : `+${time(duration)}`);
        add('in its own code', this.own(item, duration));
        add('stage', tree.header.stages[tree.stage[item]]?.title);
        if (!tree.isFold(item)) add('CPU', String(tree.data.cpu[item]));
        add('remarks', [...tree.remarks(item), ...(tree.path.has(item) ? ['on the path to the failure'] : [])].join(', '));
        return list;
      }
      own(item, duration) {
        const { tree } = this;
        if (tree.isFold(item) || duration < 0 || tree.data.folded.has(item) || tree.end[item] === item + 1) return '';
        let rest = duration;
        for (let child = item + 1; child < tree.end[item]; child = tree.end[child]) {
          if (tree.data.duration[child] < 0 || tree.data.folded.get(child)?.unmeasured) return '';
          rest -= tree.data.duration[child];
        }
        return rest >= 0 ? time(rest) : '';
      }
      children(item, shown) {
        const { tree } = this;
        const all = shown.children(item);
        if (!all.length) return element('p', { class: 'quiet' }, 'This page holds no call below it.');
        const body = element('tbody');
        all.slice(0, mostChildren).forEach((child) => {
          const result = tree.result(child);
          body.append(element('tr', {},
            element('td', { class: 'number' }, tree.start(child) ?? '–'),
            element('td', { class: 'number' }, tree.duration(child) < 0 ? '–' : `+${time(tree.duration(child))}`),
            element('th', { scope: 'row' }, this.button(child), result ? ` = ${result[0]}` : '', ...tree.remarks(child).map((text) => ` ${text}`))));
        });
        const more = all.length > mostChildren ? `, of which the first ${mostChildren}` : '';
        return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Callees' }, element('table', { class: 'children' },
          element('caption', {}, `calls: ${count(all.length)}${more}`),
          element('thead', {}, element('tr', {}, element('th', { scope: 'col', class: 'number' }, '@ start'),
            element('th', { scope: 'col', class: 'number' }, '+ time'), element('th', { scope: 'col' }, 'function'))),
          body));
      }
    }
    class Calls {
      constructor(section, header) {
        this.section = section;
        this.header = header;
        this.focus = 0;
      }
      load() {
        this.loading ??= this.unpack().catch((error) => {
          this.section.querySelector('.needs-script').textContent =
            `The call tree cannot be drawn by this browser (${error.message}). 'kvm-inittrace report --tree' prints it as text.`;
        });
        return this.loading;
      }
      async unpack() {
        const begun = performance.now();
        const text = document.getElementById(`${this.section.dataset.run}-calls-bytes`).textContent;
        this.tree = new Tree(await unpack(this.header, text));
        this.shown = new Shown(this.tree, this.header.foldsNoise);
        this.view = new View(this.tree);
        this.search = new Search(this.tree);
        this.build();
        this.setFocus(this.tree.data.path.at(-1) ?? 0, false);
        this.resize();
        this.section.dataset.loadMs = String(Math.round(performance.now() - begun));
      }
      build() {
        this.canvas = element('canvas', { 'aria-hidden': 'true' });
        this.tip = element('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
        const keysID = `${this.section.dataset.run}-keys`;
        this.widget = element('div', {
          class: 'canvas', tabindex: '0', role: 'application', 'aria-roledescription': 'call tree', 'aria-label': 'Call tree',
          'aria-describedby': keysID,
        }, this.canvas, this.tip);
        this.painter = new Painter(this.canvas, this.tree);
        this.details = new Details(this.tree, (item) => this.goTo(item));
        this.section.querySelector('.needs-script').replaceWith(this.tools(), this.widget, this.help(keysID), this.details.node);
        listenToKeys(this);
        this.listenToPointer();
        new ResizeObserver(() => this.resize()).observe(this.widget);
      }
      tools() {
        const id = `${this.section.dataset.run}-search`;
        this.field = element('input', {
          type: 'search', id, placeholder: 'function', autocomplete: 'off', spellcheck: 'false', oninput: () => this.find(this.field.value),
        });
        this.found = element('span', { class: 'count' });
        this.out = element('button', { type: 'button', onclick: () => this.zoomOut() }, 'Zoom out');
        const fold = element('input', { type: 'checkbox', id: `${id}-fold`, onchange: () => this.fold(fold.checked) });
        fold.checked = this.header.foldsNoise;
        return element('div', { class: 'call-tools' },
          element('label', { for: id }, 'Find'), this.field,
          element('button', { type: 'button', 'aria-label': 'Previous match', onclick: () => this.step(-1) }, '‹'),
          element('button', { type: 'button', 'aria-label': 'Next match', onclick: () => this.step(1) }, '›'),
          this.found, this.out,
          element('button', { type: 'button', onclick: () => this.zoom(-1) }, 'Whole run'),
          element('span', {}, fold, element('label', { for: `${id}-fold` }, ' fold locks, interrupts, repetitions')));
      }
      help(id) {
        const key = (text) => element('kbd', {}, text);
        return element('p', { class: 'keys', id }, key('←'), ' ', key('→'), ' neighbours, ', key('↑'), ' caller, ', key('↓'),
          ' first callee, ', key('Enter'), ' zoom in, ', key('Esc'), ' zoom out, ', key('/'), ' find. Click zooms, dragging moves, ',
          key('Ctrl'), ' and the wheel scale.');
      }
      resize() {
        this.painter.resize(this.shown);
        this.paint();
      }
      paint() {
        this.painter.draw(this.view, this.shown, {
          focus: this.focus, matches: this.search.items, isMatch: (item) => this.search.matches(item),
        });
        this.out.disabled = this.view.root < 0 && this.view.width >= this.tree.last - this.tree.first;
      }
      draw() {
        if (this.isDrawing) return;
        this.isDrawing = true;
        requestAnimationFrame(() => {
          this.isDrawing = false;
          this.paint();
        });
      }
      setFocus(item, isAnnounced = true) {
        this.focus = this.shown.visible(item);
        this.details.show(this.focus, this.shown);
        this.draw();
        if (isAnnounced) announce(this.sentence(this.focus));
      }
      sentence(item) {
        const { tree } = this;
        const duration = tree.duration(item);
        const result = tree.result(item);
        const siblings = this.shown.siblings(item);
        return [
          tree.name(item), duration < 0 ? 'not measured' : time(duration), tree.start(item),
          result ? `result ${result[0]}` : null, ...tree.remarks(item), tree.path.has(item) ? 'on the path to the failure' : null,
          `level ${tree.level[item] + 1}`, `${siblings.indexOf(item) + 1} of ${siblings.length}`,
          `${counted(this.shown.children(item).length, 'call')} below on this page`,
        ].filter(Boolean).join(', ');
      }
      zoom(item) { this.view.zoom(item, () => this.draw()); }
      zoomOut() {
        if (this.view.root < 0) return this.zoom(-1);
        const parent = this.tree.parent[this.view.root];
        return this.zoom(parent);
      }
      goTo(item) {
        this.setFocus(item);
        const isInSight = this.tree.x0[this.focus] >= this.view.x0 && this.tree.x1[this.focus] <= this.view.x1
          && this.painter.shows(this.focus, this.view);
        if (!isInSight) this.zoom(this.tree.parent[this.focus]);
      }
      find(text) {
        this.search.find(text);
        this.found.textContent = this.search.summary;
        clearTimeout(this.telling);
        this.telling = setTimeout(() => announce(this.search.summary), 400);
        this.draw();
      }
      step(direction) {
        const item = this.search.step(direction);
        if (item >= 0) this.goTo(item);
      }
      fold(isFolded) {
        const focus = this.tree.isFold(this.focus) ? this.tree.data.noise[this.focus - this.tree.items].low : this.focus;
        this.shown = new Shown(this.tree, isFolded);
        if (this.tree.isFold(this.view.root) && !isFolded) this.zoom(this.tree.parent[this.view.root]);
        this.setFocus(focus, false);
        this.resize();
      }
      async showStage(id) {
        await this.load();
        if (!this.tree) return;
        const index = this.header.stages.findIndex((stage) => stage.id === id);
        for (const [item, stages] of this.tree.data.stages) {
          if (!stages.includes(index)) continue;
          this.setFocus(item);
          this.zoom(this.focus);
          this.widget.focus({ preventScroll: true });
          this.widget.scrollIntoView({ block: 'nearest' });
          return;
        }
      }
      listenToPointer() {
        let grip = null;
        const place = (event) => {
          const box = this.canvas.getBoundingClientRect();
          return [event.clientX - box.left, event.clientY - box.top];
        };
        this.canvas.addEventListener('pointerdown', (event) => { grip = { x: event.clientX, view: this.view.x0, moved: false }; });
        window.addEventListener('pointerup', () => setTimeout(() => { grip = null; }));
        this.canvas.addEventListener('pointermove', (event) => {
          if (grip && Math.abs(event.clientX - grip.x) > 4) {
            grip.moved = true;
            this.view.moveTo(grip.view - (event.clientX - grip.x) / this.painter.scale, this.view.width);
            this.draw();
          }
          this.point(...place(event));
        });
        this.canvas.addEventListener('pointerleave', () => { this.tip.hidden = true; });
        this.canvas.addEventListener('click', (event) => {
          const item = this.painter.find(...place(event), this.view, this.shown);
          if (grip?.moved || item < 0) return;
          this.setFocus(item);
          this.zoom(item);
        });
        this.canvas.addEventListener('wheel', (event) => {
          if (event.ctrlKey || event.metaKey) {
            event.preventDefault();
            this.view.scale(Math.exp(event.deltaY / 300), this.view.x0 + place(event)[0] / this.painter.scale);
            this.draw();
          } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
            event.preventDefault();
            this.view.pan((event.deltaX || event.deltaY) / this.painter.scale);
            this.draw();
          }
        }, { passive: false });
      }
      point(x, y) {
        const item = this.painter.find(x, y, this.view, this.shown);
        this.tip.hidden = item < 0;
        if (item < 0) return;
        const duration = this.tree.duration(item);
        this.tip.textContent = `${this.painter.label(item)}  ${duration < 0 ? 'not measured' : `+${time(duration)}`}`;
        const left = Math.min(x + 12, this.painter.width - this.tip.offsetWidth - 4);
        const top = y + 24 + this.tip.offsetHeight > this.painter.height ? y - this.tip.offsetHeight - 8 : y + 16;
        this.tip.style.left = `${Math.max(0, left)}px`;
        this.tip.style.top = `${Math.max(0, top)}px`;
      }
    }
    function listenToKeys(calls) {
      const actions = {
        ArrowUp: () => move(calls, calls.tree.parent[calls.focus]),
        ArrowDown: () => move(calls, calls.shown.children(calls.focus)[0]),
        ArrowLeft: () => beside(calls, -1),
        ArrowRight: () => beside(calls, 1),
        Home: () => move(calls, calls.shown.children(-1)[0]),
        Enter: () => calls.zoom(calls.focus),
        Escape: () => calls.zoomOut(),
        '/': () => calls.field.focus(),
        n: () => calls.step(1),
        p: () => calls.step(-1),
        '+': () => scale(calls, 0.5),
        '-': () => scale(calls, 2),
      };
      calls.widget.addEventListener('keydown', (event) => {
        const action = actions[event.key];
        if (!action || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        action();
      });
      calls.field.addEventListener('keydown', (event) => {
        if (event.key === 'Enter') calls.step(event.shiftKey ? -1 : 1);
        if (event.key !== 'Escape') return;
        event.preventDefault();
        calls.field.value = '';
        calls.find('');
        calls.widget.focus();
      });
    }
    function move(calls, item) {
      if (item >= 0) calls.goTo(item);
    }
    function beside(calls, direction) {
      const siblings = calls.shown.siblings(calls.focus);
      move(calls, siblings[siblings.indexOf(calls.focus) + direction]);
    }
    function scale(calls, factor) {
      const { tree, focus, view } = calls;
      view.scale(factor, Math.min(view.x1, Math.max(view.x0, (tree.x0[focus] + tree.x1[focus]) / 2)));
      calls.draw();
    }
    const collator = new Intl.Collator('en', { numeric: true });
    function makeSortable(table) {
      const body = table.tBodies[0];
      const order = [...body.rows];
      [...table.tHead.rows[0].cells].forEach((heading, column) => {
        if (!heading.dataset.sort) return;
        const button = element('button', { type: 'button', onclick: () => sort(table, order, heading, column) }, ...heading.childNodes);
        heading.append(button);
        heading.setAttribute('aria-sort', 'none');
      });
    }
    function sort(table, order, heading, column) {
      const next = { none: 'ascending', ascending: 'descending', descending: 'none' }[heading.getAttribute('aria-sort')];
      for (const other of table.tHead.rows[0].cells) if (other.hasAttribute('aria-sort')) other.setAttribute('aria-sort', 'none');
      heading.setAttribute('aria-sort', next);
      table.classList.toggle('sorted', next !== 'none');
      const rows = next === 'none' ? order : [...order].sort(comparison(column, heading.dataset.sort === 'number', next === 'descending' ? -1 : 1));
      for (const row of rows) table.tBodies[0].append(row, ...(row.explained ? [row.explained] : []));
      announce(next === 'none' ? 'in the order of execution' : `sorted by ${heading.textContent.trim()}, ${next}`);
    }
    function comparison(column, isNumber, sign) {
      return (one, other) => {
        const [left, right] = [one, other].map((row) => value(row.cells[column], isNumber));
        if (left === null || right === null) return (left === null) - (right === null);
        return sign * (isNumber ? left - right : collator.compare(left, right));
      };
    }
    function value(cell, isNumber) {
      if (isNumber) return cell.dataset.value === undefined ? null : Number(cell.dataset.value);
      return cell.textContent.trim() || null;
    }
    function makeExplainable(link, calls) {
      const row = link.closest('tr');
      const source = document.getElementById(link.getAttribute('href').slice(1));
      if (!row || !source) return;
      link.setAttribute('role', 'button');
      link.setAttribute('aria-expanded', 'false');
      const toggle = (event) => {
        event.preventDefault();
        const isOpen = link.getAttribute('aria-expanded') === 'true';
        link.setAttribute('aria-expanded', String(!isOpen));
        if (isOpen) {
          row.explained.remove();
          row.explained = null;
        } else {
          row.explained = explanation(row, source, calls);
          row.after(row.explained);
        }
      };
      link.addEventListener('click', toggle);
      link.addEventListener('keydown', (event) => { if (event.key === ' ') toggle(event); });
    }
    function explanation(row, source, calls) {
      const copy = source.cloneNode(true);
      copy.removeAttribute('id');
      const id = row.dataset.stage;
      const hasCalls = calls?.header.stages.some((stage) => stage.id === id);
      const tools = hasCalls
        ? element('div', { class: 'tools' }, element('button', { type: 'button', onclick: () => calls.showStage(id) }, 'Show in the call tree'))
        : null;
      return element('tr', { class: 'explained' }, element('td', { colspan: String(row.cells.length) }, element('div', {}, tools, copy)));
    }
    const themes = ['auto', 'light', 'dark'];
    function storedTheme() {
      try {
        return localStorage.getItem('kvm-inittrace-theme');
      } catch {
        return null;
      }
    }
    function keepTheme(theme) {
      try {
        localStorage.setItem('kvm-inittrace-theme', theme);
      } catch {
      }
    }
    function themeButton(changed) {
      const button = element('button', { type: 'button' });
      const set = (theme) => {
        if (theme === 'auto') delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = theme;
        button.textContent = `Theme: ${theme}`;
        button.dataset.theme = theme;
        changed();
      };
      button.addEventListener('click', () => {
        const next = themes[(themes.indexOf(button.dataset.theme) + 1) % themes.length];
        keepTheme(next);
        set(next);
        announce(`theme ${next}`);
      });
      const stored = storedTheme();
      set(themes.includes(stored) ? stored : 'auto');
      matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
      return button;
    }
    async function copy(text) {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        const area = element('textarea', { class: 'hidden-text', 'aria-hidden': 'true', tabindex: '-1' });
        area.value = text;
        document.body.append(area);
        area.select();
        const isCopied = document.execCommand('copy');
        area.remove();
        return isCopied;
      }
    }
    function copyButton() {
      const stories = [...document.querySelectorAll('.story-text')].map((block) => JSON.parse(block.textContent));
      const button = element('button', { type: 'button' }, 'Copy as text');
      button.addEventListener('click', async () => {
        const isCopied = await copy(stories.join('\n'));
        button.textContent = isCopied ? 'Copied' : 'Not copied';
        announce(isCopied ? 'copied' : 'the browser does not let the page copy');
        setTimeout(() => { button.textContent = 'Copy as text'; }, 1500);
      });
      return button;
    }
    const printButton = () => element('button', { type: 'button', onclick: () => window.print() }, 'Print');
    document.documentElement.classList.add('scripted');
    const trees = [];
    for (const block of document.querySelectorAll('.calls-data')) {
      const section = block.closest('.calls');
      section.dataset.run = block.id.replace(/-calls$/, '');
      const calls = new Calls(section, JSON.parse(block.textContent));
      calls.run = section.closest('.run');
      trees.push(calls);
      new IntersectionObserver((entries, observer) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        calls.load();
      }, { rootMargin: '600px' }).observe(section);
    }
    const redraw = () => trees.forEach((calls) => { if (calls.painter) calls.resize(); });
    document.getElementById('controls').append(copyButton(), printButton(), themeButton(redraw));
    for (const link of document.querySelectorAll('a.explain')) {
      makeExplainable(link, trees.find((calls) => calls.run.contains(link)));
    }
    for (const table of document.querySelectorAll('table.sortable')) makeSortable(table);
    for (const calls of trees) {
      calls.run.querySelector('.drawing')?.classList.add('live');
      calls.run.querySelector('.drawing')?.addEventListener('click', (event) => {
        const stage = event.target.closest('[data-stage]')?.dataset.stage;
        if (stage) calls.showStage(stage);
      });
    }
    let theme;
    window.addEventListener('beforeprint', () => {
      theme = document.documentElement.dataset.theme;
      document.documentElement.dataset.theme = 'light';
      redraw();
    });
    window.addEventListener('afterprint', () => {
      if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
      redraw();
    });
    document.addEventListener('keydown', (event) => {
      const isTyping = event.target.closest('input, textarea, .canvas');
      if (event.key !== '/' || isTyping || !trees.length) return;
      event.preventDefault();
      trees[0].load().then(() => trees[0].field?.focus());
    });
    })();
    """#
}
