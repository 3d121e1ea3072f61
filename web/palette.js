// Colours of the canvas, from the page's style, and asked for anew when the theme changes.

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
