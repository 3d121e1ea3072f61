// Tables that are sorted by their headings: up, down, and back to the order of execution.

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

// Empty cells come last in either direction.
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
