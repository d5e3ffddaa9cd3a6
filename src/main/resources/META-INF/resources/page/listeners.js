import { $, h, show } from './dom.js';
import { bytesOf, count, countOf, exact, micros, rate } from './format.js';
import { service } from './service.js';

const figure = (name, main, ...small) => h('div', { class: 'figure' }, h('dt', null, name),
  h('dd', null, h('span', { class: 'main' }, main), small.filter(Boolean).length ? h('span', { class: 'small' }, small) : null));

const nonZero = counts => Object.entries(counts).filter(([, number]) => number > 0);
const words = counts => nonZero(counts).map(([word, number]) => `${count(number)} ${word.replaceAll('_', ' ')}`).join(', ');
const total = counts => Object.values(counts).reduce((a, b) => a + b, 0);

export function showListeners() {
  show($('#listeners .cards'), service.report.listeners.map(card));
}

function card(listener) {
  const { traffic } = listener;
  const rates = service.rates.get(listener.name) ?? {};
  const refused = total(traffic.refused);
  const closed = total(traffic.closed);
  return h('article', { 'data-key': listener.name, class: 'card', 'aria-label': `Listener ${listener.name}` },
    h('div', { class: 'addresses' }, h('h3', null, listener.name, ' ', h('span', { class: 'tag' }, listener.mode)), listener.sockets.map(socket => h('span', null, h('code', null, hostPort(socket)), socket.listening ? '' : ' closed'))),
    remarks(listener),
    h('div', { class: 'queues' }, listener.sockets.map(socket => queue(listener, socket))),
    h('dl', { class: 'figures' },
      figure('active', countOf(traffic.active), `of ${count(traffic.limit)}${traffic.limit < traffic.limitAsked ? `, asked for ${count(traffic.limitAsked)}` : ''}`),
      figure('opened', rate(rates.opened), `${count(traffic.opened)} in all`),
      figure('received', rate(rates.received, 'bytes'), bytesOf(traffic.bytesReceived), ' in all'),
      figure('sent', rate(rates.sent, 'bytes'), bytesOf(traffic.bytesSent), ' in all'),
      figure('round trip p50', traffic.sample.rttP50Micros === null ? '–' : exact(micros(traffic.sample.rttP50Micros), traffic.sample.rttP50Micros, 'µs'),
        traffic.sample.rttP99Micros === null ? 'no connection' : `p99 ${micros(traffic.sample.rttP99Micros)}`),
      figure('refused', h('span', { class: refused ? 'bad' : null }, countOf(refused)), words(traffic.refused)),
      figure('ended', countOf(closed), words(traffic.closed))));
}

const hostPort = socket => `${socket.address.includes(':') ? `[${socket.address}]` : socket.address}:${socket.port}`;

/** Entrance, faults and what else is unusual, in words. */
function remarks(listener) {
  const { entrance, traffic } = listener;
  const lines = [];
  if (entrance.proxyProtocol !== 'off') lines.push(`PROXY header ${entrance.proxyProtocol}: ${words(entrance.proxyHeaders) || 'none came yet'}`);
  if (entrance.tlsConfigurationName) {
    lines.push(`TLS with the keys of ${entrance.tlsConfigurationName}, client certificate ${entrance.tlsClientAuth}: ${
      words(entrance.tlsHandshakes) || 'no handshake yet'}`);
  }
  if (traffic.acceptErrors) lines.push(`${count(traffic.acceptErrors)} failed accept() calls`);
  for (const socket of listener.sockets) {
    if (socket.otherListeners) lines.push(`others listen at ${socket.otherListenerAddresses.join(', ')} and share its connections`);
  }
  const faults = faultWords(listener.fault);
  return (lines.length || faults) && h('ul', { class: 'notes' }, faults && h('li', { class: 'fault' }, 'Misbehaves on purpose: ', faults),
    lines.map(line => h('li', null, line)));
}

/** What happens, the keys that ask for it, and how it went so far. */
function faultWords(fault) {
  if (!fault) return null;
  const so = fault.filledBy === null ? `seed ${fault.seed}, happened to ${count(fault.connections)} connections` : `its queue is filled by ${fault.filledBy}`;
  return `${fault.sentence} (fault ${fault.settings.join(', ')}; ${so})`;
}

function queue(listener, socket) {
  const { current, peak, max, maxComputed } = socket.acceptQueue;
  const share = number => max ? Math.min(100, 100 * number / max) : 0;
  const full = max && current >= max * 0.8;
  const text = `${count(current)} waiting, peak ${count(peak)}, at most ${count(max)}${maxComputed ? ' (worked out)' : ''}`;
  const which = listener.sockets.length > 1 ? `${hostPort(socket)}${socket.shard ? ' shard ' + socket.shard : ''}` : '';
  const bar = h('div', { class: 'bar' + (full ? ' full' : ''), role: 'meter', 'aria-label': `Accept queue ${which}`, 'aria-valuemin': 0,
    'aria-valuemax': max ?? 0, 'aria-valuenow': Math.min(current ?? 0, max ?? 0), 'aria-valuetext': text });
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(rect(0, share(current), 'now'), rect(Math.max(0, share(peak) - 0.6), 0.6, peak > 0 ? 'peak' : 'none'));
  bar.append(svg);
  return h('div', { class: 'queue' }, h('span', { class: 'label' }, 'accept queue', which && ' ', which && h('code', null, which)), bar,
    h('span', { class: 'reading' }, h('b', null, count(current)), ' now ', h('i', null, '·'), ` peak ${count(peak)} `, h('i', null, '·'),
      ` max ${count(max)}${maxComputed ? '*' : ''} `, h('i', null, '·'), ' ', socket.drops === null ? 'drops unknown'
        : h('span', { class: socket.drops ? 'bad' : null }, `${count(socket.drops)} dropped`)));
}

function rect(x, width, name) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [key, each] of Object.entries({ x: x + '%', width: width + '%', height: '100%', class: name })) element.setAttribute(key, each);
  return element;
}
