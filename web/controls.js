// The bar's buttons: theme, copy, print.

const themes = ['auto', 'light', 'dark'];

// What was chosen is kept where the browser lets a file keep it.
function storedTheme() {
  try {
    return localStorage.getItem('kvm-inittrace-theme');
  } catch {
    return null;
  }
}

function keepTheme(theme) {
  try {
    localStorage.setItem('kvm-inittrace-theme', theme);
  } catch {
    // Not kept: the page follows the system again when it is opened next.
  }
}

function themeButton(changed) {
  const button = element('button', { type: 'button' });
  const set = (theme) => {
    if (theme === 'auto') delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
    button.dataset.theme = theme;
    changed();
  };
  button.addEventListener('click', () => {
    const next = themes[(themes.indexOf(button.dataset.theme) + 1) % themes.length];
    keepTheme(next);
    set(next);
    announce(`theme ${next}`);
  });
  const stored = storedTheme();
  set(themes.includes(stored) ? stored : 'auto');
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  return button;
}

// A page that was opened as a file may have no clipboard: then the text is selected and copied as it was done before.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = element('textarea', { class: 'hidden-text', 'aria-hidden': 'true', tabindex: '-1' });
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    return isCopied;
  }
}

function copyButton() {
  const stories = [...document.querySelectorAll('.story-text')].map((block) => JSON.parse(block.textContent));
  const button = element('button', { type: 'button' }, 'Copy as text');
  button.addEventListener('click', async () => {
    const isCopied = await copy(stories.join('\n'));
    button.textContent = isCopied ? 'Copied' : 'Not copied';
    announce(isCopied ? 'copied' : 'the browser does not let the page copy');
    setTimeout(() => { button.textContent = 'Copy as text'; }, 1500);
  });
  return button;
}

const printButton = () => element('button', { type: 'button', onclick: () => window.print() }, 'Print');
