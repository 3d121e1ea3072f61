// What is known of the call in focus, as text: the way to it, its times, and the calls below it as a table.

const mostChildren = 100;

class Details {
  // `go` moves the focus to an item.
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

  // The time that no callee has; only where all of them were measured.
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
