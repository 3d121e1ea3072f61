// A stage's explanation opens below its row: the link to it becomes a button. The explanations at the end of the page stay, for paper.

function makeExplainable(link, calls) {
  const row = link.closest('tr');
  const source = document.getElementById(link.getAttribute('href').slice(1));
  if (!row || !source) return;
  const button = element('button', { type: 'button', class: 'link explain', 'aria-expanded': 'false' }, link.textContent);
  button.addEventListener('click', () => {
    const isOpen = button.getAttribute('aria-expanded') === 'true';
    button.setAttribute('aria-expanded', String(!isOpen));
    if (isOpen) {
      row.explained.remove();
      row.explained = null;
    } else {
      row.explained = explanation(row, source, calls);
      row.after(row.explained);
    }
  });
  link.replaceWith(button);
}

function explanation(row, source, calls) {
  const copy = source.cloneNode(true);
  copy.removeAttribute('id');
  const id = row.dataset.stage;
  const hasCalls = calls?.header.stages.some((stage) => stage.id === id);
  const tools = hasCalls
    ? element('div', { class: 'tools' }, element('button', { type: 'button', onclick: () => calls.showStage(id) }, 'Show in the call tree'))
    : null;
  return element('tr', { class: 'explained' }, element('td', { colspan: String(row.cells.length) }, tools, copy));
}
