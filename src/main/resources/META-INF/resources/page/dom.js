/** Elements from data: text stays text, whatever came over the wire. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(3).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export const $ = selector => document.querySelector(selector);

/** Makes the children of an element what is given, and leaves what is equal alone: focus, selection and scroll stay. */
export function show(parent, ...children) {
  morphChildren(parent, h('div', null, children));
}

function morphChildren(old, young) {
  const keyed = new Map([...old.children].filter(child => child.dataset.key).map(child => [child.dataset.key, child]));
  let at = old.firstChild;
  for (const next of [...young.childNodes]) {
    const twin = next.dataset?.key ? keyed.get(next.dataset.key) : at?.dataset?.key ? null : at;
    if (twin && twin !== at) old.insertBefore(twin, at);
    if (twin && twin.nodeName === next.nodeName) {
      at = twin.nextSibling;
      morph(twin, next);
    } else {
      old.insertBefore(next, at);
    }
  }
  while (at) [at] = [at.nextSibling, at.remove()];
}

function morph(old, young) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== young.data) old.data = young.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!young.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of young.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  morphChildren(old, young);
}

/** For those who listen to the page, and for a moment for those who look at it. */
export function say(text) {
  $('#said').textContent = text;
}

/** A page that came neither from localhost nor by HTTPS has no clipboard of its own, only the event of a copy. */
async function put(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const give = event => {
    event.clipboardData.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  addEventListener('copy', give, true);
  const done = document.execCommand('copy');
  removeEventListener('copy', give, true);
  return done;
}

export async function copy(button) {
  if (!await put(button.dataset.text)) {
    say('Not copied: this browser does not let the page do it');
    return;
  }
  button.classList.add('done');
  say('Copied: ' + button.dataset.text);
  setTimeout(() => button.classList.remove('done'), 1500);
}

export const copyButton = (text, label = 'Copy') =>
  h('button', { type: 'button', class: 'copy', 'data-do': 'copy', 'data-text': text, 'aria-label': `${label}: ${text}` }, label);

/** A table that a narrow window shows as a list, with its meaning kept. */
export function table(caption, columns, rows) {
  return h('table', { role: 'table' },
    h('caption', { class: 'unseen' }, caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, columns.map(column =>
      h('th', { role: 'columnheader', scope: 'col', class: column.class, 'aria-sort': column.sort }, column.head ?? column)))),
    h('tbody', { role: 'rowgroup' }, rows));
}

export const cell = (label, attributes, ...children) => h('td', { role: 'cell', 'data-label': label, ...attributes }, ...children);
