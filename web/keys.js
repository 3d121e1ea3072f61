// The keys of the call tree.

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
