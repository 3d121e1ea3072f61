// A stage's explanation opens below its row: the link to it becomes a button. Those at the end of the page are for paper.

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
