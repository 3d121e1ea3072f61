// Numbers and elements. Text reaches the page by textContent only: names from a trace make no markup.

const count = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;

const units = [['µs', 1e3], ['ms', 1e6], ['s', 1e9]];

// As the text report writes times: 340 ns, 1.234 µs, 12.35 ms.
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

// An element with attributes and children; true is an attribute without a value, false and undefined are left out.
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

// Said by screen readers.
function announce(text) {
  document.getElementById('status').textContent = text;
}
