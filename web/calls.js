// The call tree as a widget: tools, canvas, what the pointer is on, and the call in focus as text.

class Calls {
  constructor(section, header) {
    this.section = section;
    this.header = header;
    this.focus = 0;
  }

  // Unpacks and draws; done once, when the section comes near.
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

  // MARK: parts

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

  // MARK: drawing

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

  // At most once per frame.
  draw() {
    if (this.isDrawing) return;
    this.isDrawing = true;
    requestAnimationFrame(() => {
      this.isDrawing = false;
      this.paint();
    });
  }

  // MARK: actions

  setFocus(item, isAnnounced = true) {
    this.focus = this.shown.visible(item);
    this.details.show(this.focus, this.shown);
    this.draw();
    if (isAnnounced) announce(this.sentence(this.focus));
  }

  // What a screen reader says of a call.
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

  // Moves to a call, and zooms so far out that it is in sight.
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

  // Zooms to where a stage begins.
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

  // MARK: pointer

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

  // Says what lies below the pointer.
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
