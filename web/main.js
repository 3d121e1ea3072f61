// Brings the page to life. Without it, everything but the call tree is there already.

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

// Paper is light: the canvas is drawn so before, and as it was after.
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
