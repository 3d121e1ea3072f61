// Unpacks the calls of a run: what Sources/Reports/HTML/CallPack.swift packs.

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

// Reads the numbers of one column: seven bits in each byte, the lowest first.
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

  // Places are stored as distances.
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

// The facts of every item by its number; -1 stands for what is not known.
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
