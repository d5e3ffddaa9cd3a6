import { $, cell, h, show, table } from './dom.js';
import { bytesOf, count, countOf, exact, microsOf, seconds } from './format.js';
import { service } from './service.js';

const sorted = { by: 'limited by', down: true };
const opened = new Set();

const age = millis => exact(seconds(millis / 1000), millis, 'ms');
const info = (connection, field) => connection.tcpInfo?.[field] ?? null;

const COLUMNS = [
  ['peer', each => each.remote, each => each.proxy?.source ? [each.proxy.source, h('small', null, `by ${each.remote}`)] : each.remote],
  ['listener', each => each.listener],
  ['limited by', each => each.limitedBy && each.limitedBy.by !== 'nothing' ? each.limitedBy.share + 1 : 0,
    each => each.limitedBy ? h('span', { class: 'limit ' + each.limitedBy.by, title: each.limitedBy.note },
      each.limitedBy.by, each.limitedBy.by === 'nothing' ? '' : ` ${Math.round(each.limitedBy.share * 100)} %`) : '–'],
  ['state', each => info(each, 'state') ?? '', each => [info(each, 'state') ?? '–', each.write.state === 'idle' ? '' : h('small', null, `write ${each.write.state}`)]],
  ['rtt', each => info(each, 'rttMicros') ?? -1, each => microsOf(info(each, 'rttMicros'))],
  ['age', each => each.ageMillis, each => age(each.ageMillis)],
  ['received', each => each.bytesReceived, each => bytesOf(each.bytesReceived)],
  ['sent', each => each.bytesSent, each => bytesOf(each.bytesSent)],
  ['owed', each => each.write.pendingBytes, each => bytesOf(each.write.pendingBytes)],
  ['buffers', each => each.receiveBuffer ?? -1, each => [bytesOf(each.receiveBuffer), ' in, ', bytesOf(each.sendBuffer), ' out']],
];

export function sortBy(name) {
  sorted.down = sorted.by === name ? !sorted.down : name !== 'peer' && name !== 'listener';
  sorted.by = name;
  showConnections();
}

export function open(id) {
  if (!opened.delete(id)) opened.add(id);
  showConnections();
}

export function showConnections() {
  const pair = $('#connections .pair');
  if (!service.report.connectionsShown) {
    show(pair, h('p', { class: 'note' }, 'Not shown, since that tells the addresses of peers: ', h('code', null, 'echo.connections.enabled=true'), ' shows them.'));
    return;
  }
  if (!service.connections) return;
  const { connections, total, note } = service.connections;
  $('#connections-count').textContent = connections.length < total ? `the oldest ${count(connections.length)} of ${count(total)}` : count(total);
  const [, key] = COLUMNS.find(([name]) => name === sorted.by);
  const rows = [...connections].sort((a, b) => {
    const [one, other] = [key(a), key(b)];
    return (one < other ? -1 : one > other ? 1 : 0) * (sorted.down ? -1 : 1);
  });
  show(pair,
    h('div', { class: 'table', 'data-key': 'open' }, note ? h('p', { class: 'note' }, note) : '', rows.length ? table('Open connections', COLUMNS.map(([name]) => ({
      head: h('button', { type: 'button', 'data-do': 'sort', 'data-by': name }, name),
      sort: sorted.by === name ? sorted.down ? 'descending' : 'ascending' : 'none',
    })), rows.flatMap(row)) : h('p', { class: 'note' }, 'Nobody is connected.')),
    h('div', { class: 'table closed', 'data-key': 'closed' }, h('h3', null, 'Closed ', h('small', null, 'the latest first')), closedTable()));
}

function row(each) {
  const id = `${each.listener} ${each.remote} ${each.local}`;
  const isOpen = opened.has(id);
  const [, , peer] = COLUMNS[0];
  return [h('tr', { role: 'row', 'data-key': id, class: isOpen ? 'opened' : null },
    h('th', { role: 'rowheader', scope: 'row', 'data-label': 'peer' }, h('button', { type: 'button', class: 'more', 'data-do': 'open', 'data-id': id,
      'aria-expanded': String(isOpen) }, peer(each))),
    COLUMNS.slice(1).map(([name, key, text]) => cell(name, { class: name === 'listener' ? 'name' : 'number' }, (text ?? key)(each)))),
  isOpen && h('tr', { role: 'row', 'data-key': id + ' details', class: 'details' }, h('td', { role: 'cell', colspan: COLUMNS.length },
    h('p', null, each.limitedBy?.note ?? ''), facts(each.tcpInfo), facts(each.proxy, 'PROXY header'), facts(each.tls, 'TLS'), facts(each.syn, 'SYN'), differences(each)))].filter(Boolean);
}

/** All of TCP_INFO, under the contract's names. */
function facts(object, title = 'TCP_INFO') {
  return object ? [h('h3', null, title), h('dl', { class: 'facts' }, Object.entries(object).map(([name, each]) =>
    h('div', null, h('dt', null, words(name)), h('dd', null, reading(name, each)))))] : '';
}

const words = name => name.replace(/Micros$/, '').replace(/[A-Z]/g, letter => ' ' + letter.toLowerCase());

function reading(name, each) {
  if (each === null) return '–';
  if (typeof each === 'object') return each.map(item => typeof item === 'object' ? Object.values(item).join(' ') : item).join(', ') || '–';
  if (typeof each !== 'number') return String(each);
  if (name.endsWith('Micros')) return microsOf(each);
  if (name.endsWith('Rate')) return [bytesOf(each), '/s'];
  return /bytes|Window$/i.test(name) && name !== 'congestionWindow' ? bytesOf(each) : countOf(each);
}

function differences(each) {
  return each.options.length ? [h('h3', null, 'Unlike its listener'), h('p', null, each.options.map(option =>
    `${option.option} ${option.effective}, not ${option.listener}`).join('; '))] : '';
}

function closedTable() {
  const rows = service.closed?.connections ?? [];
  return rows.length ? table('Connections that ended', ['when', 'peer', 'why', 'after', 'received', 'sent'], rows.map(each => h('tr', { role: 'row' },
    cell('when', null, exact(new Date(each.closedAt).toTimeString().slice(0, 8), each.closedAt)), cell('peer', { class: 'name' }, each.remote ?? '–', h('small', null, each.listener)),
    cell('why', { class: 'why' }, h('span', { class: 'reason' }, each.reason.replaceAll('_', ' ')), each.sentence), cell('after', { class: 'number' }, age(each.ageMillis)),
    cell('received', { class: 'number' }, bytesOf(each.bytesReceived)), cell('sent', { class: 'number' }, bytesOf(each.bytesSent)))))
    : h('p', { class: 'note' }, 'None ended yet.');
}
