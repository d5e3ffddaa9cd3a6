import { h } from './dom.js';

const grouped = new Intl.NumberFormat('en-GB');

export const count = number => number === null || number === undefined ? '–' : grouped.format(number).replaceAll(',', '\u202f');

function scaled(number, base, units) {
  let unit = 0;
  while (Math.abs(number) >= base && unit < units.length - 1) [number, unit] = [number / base, unit + 1];
  return `${Number.isInteger(number) ? number : number.toFixed(number < 10 ? 1 : number < 100 ? 1 : 0)} ${units[unit]}`;
}

export const bytes = number => scaled(number, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);

export function rate(perSecond, unit) {
  if (perSecond === null || perSecond === undefined) return '–';
  if (unit === 'bytes') return bytes(Math.round(perSecond)) + '/s';
  return (perSecond < 10 && !Number.isInteger(perSecond) ? perSecond.toFixed(1) : count(Math.round(perSecond))) + '/s';
}

export function micros(number) {
  if (number < 1000) return `${number} µs`;
  return number < 1e6 ? `${(number / 1000).toFixed(number < 1e4 ? 2 : 1)} ms` : seconds(number / 1e6);
}

/** Such as 350 ms, 42 s, 2 min 5 s, 2 h 11 min, 3 d 4 h. */
export function seconds(number) {
  if (number > 0 && number < 1) return `${Math.round(number * 1000)} ms`;
  if (number < 10) return `${Number.isInteger(number) ? number : number.toFixed(1)} s`;
  const whole = Math.round(number);
  const parts = [[Math.floor(whole / 86400), 'd'], [Math.floor(whole / 3600) % 24, 'h'], [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's']];
  const first = parts.findIndex(([part]) => part > 0);
  return parts.slice(first, first + 2).filter(([part]) => part > 0).map(([part, unit]) => `${part} ${unit}`).join(' ');
}

export const clock = time => new Date(time).toTimeString().slice(0, 8);

/** A number as people read it, which tells its exact value when it is pointed at or copied. */
export function exact(text, value, unit) {
  const whole = `${value}${unit ? ' ' + unit : ''}`;
  return text === whole || text === String(value) ? text : h('data', { value, title: whole }, text);
}

export const bytesOf = number => number === null || number === undefined ? '–' : exact(bytes(number), number, 'bytes');
export const countOf = number => number === null || number === undefined ? '–' : exact(count(number), number);
export const microsOf = number => number === null || number === undefined ? '–' : exact(micros(number), number, 'µs');
export const secondsOf = number => number === null || number === undefined ? '–' : exact(seconds(number), number, 's');

/** The value of an option in its unit. */
export function value(raw, unit) {
  if (raw === null || raw === undefined) return h('span', { class: 'none' }, '–');
  if (typeof raw !== 'number') return String(raw);
  if (raw < 0) return exact('off', raw);
  switch (unit) {
    case 'flag': return exact(raw === 1 ? 'on' : raw === 0 ? 'off' : String(raw), raw);
    case 'bytes': return bytesOf(raw);
    case 'seconds': return secondsOf(raw);
    case 'milliseconds': return exact(seconds(raw / 1000), raw, 'ms');
    case 'microseconds': return microsOf(raw);
    default: return countOf(raw);
  }
}

/** What is copied has the exact values beside those that are read. */
export function copyExactly(event) {
  const selection = document.getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return;
  const part = selection.getRangeAt(0).cloneContents();
  const values = part.querySelectorAll('data');
  if (!values.length || !event.clipboardData) return;
  let plain = selection.toString();
  let from = 0;
  for (const each of values) {
    const at = plain.indexOf(each.textContent, from);
    if (at < 0) continue;
    const text = `${each.textContent} (${each.value})`;
    plain = plain.slice(0, at) + text + plain.slice(at + each.textContent.length);
    from = at + text.length;
  }
  event.clipboardData.setData('text/plain', plain);
  event.preventDefault();
}
