import { $, copyButton, h, show } from './dom.js';
import { clock, count, countOf, seconds, secondsOf, value } from './format.js';
import { changeCount, isShortfall, keyOf, mend } from './options.js';
import { accepts, drops, generation, options, service } from './service.js';

const NEARLY_FULL = 0.8;

const many = (number, one, more = one + 's') => `${count(number)} ${number === 1 ? one : more}`;

/** Each shortfall once, though the listening socket and its connections have it both. */
export function shortfalls(report) {
  const found = new Map();
  for (const option of options(report)) {
    const key = option.listener + '\u0000' + option.option;
    if (isShortfall(option) && !found.has(key)) found.set(key, option);
  }
  return [...found.values()];
}

function queue(report) {
  const sockets = report.listeners.filter(accepts).flatMap(listener => listener.sockets.map(socket => ({ ...socket.acceptQueue, listener: listener.name })));
  const fullest = sockets.filter(each => each.max).sort((a, b) => b.current / b.max - a.current / a.max)[0];
  if (!fullest) return { text: 'accept queue unknown', tone: 'calm' };
  if (fullest.current > fullest.max) return { text: 'accept queue full', tone: 'bad', fullest };
  if (fullest.current >= fullest.max * NEARLY_FULL) return { text: 'accept queue nearly full', tone: 'bad', fullest };
  if (fullest.current > 0 && fullest.current > fullest.max / 10) return { text: `${count(fullest.current)} waiting to be accepted`, tone: 'warn', fullest };
  return { text: 'accept queue calm', tone: 'calm' };
}

const slowed = report => report.listeners.reduce((sum, each) => sum + (each.traffic.sample.slowedByReader ?? 0), 0);

export function showVerdict() {
  const { report, failure, answeredAt } = service;
  document.body.dataset.state = failure ? 'stale' : report ? report.state : 'starting';
  showStale(failure, answeredAt);
  if (!report) return;
  const short = shortfalls(report);
  const waiting = queue(report);
  const slow = slowed(report);
  const dropped = drops(report);
  const parts = [`${report.state[0].toUpperCase()}${report.state.slice(1)} on ${many(report.listeners.length, 'listener')}`,
    short.length ? many(short.length, 'shortfall') : 'every option as asked',
    waiting.text,
    dropped ? `${many(dropped, 'drop')}` : null,
    slow ? `${many(slow, 'slow reader')}` : null];
  const verdict = parts.filter(Boolean).join('; ') + '.';
  if ($('#verdict').textContent !== verdict) $('#verdict').textContent = verdict;
  document.body.dataset.tone = report.state !== 'serving' || waiting.tone === 'bad' ? 'bad'
    : short.length || slow || dropped || waiting.tone === 'warn' ? 'warn' : 'good';
  document.title = `${report.state} · ${who(report)} · tcp-echo`;
  $('#version').textContent = report.service.version ?? '';
  showFacts(report);
  showFindings(report, short, waiting, slow);
}

const who = report => report.service.pod ?? report.service.hostName ?? 'tcp-echo';

function showStale(failure, answeredAt) {
  const stale = $('#stale');
  stale.hidden = !failure;
  if (!failure) return;
  const text = answeredAt ? `Stale since ${clock(answeredAt)} (${seconds(Math.round((Date.now() - answeredAt) / 1000))}). ${failure} What stands below is from then; it is asked on.`
    : `${failure} It is asked on.`;
  if (stale.textContent !== text) stale.textContent = text;
}

function showFacts(report) {
  const fact = (name, ...text) => text[0] !== null && text[0] !== undefined && h('div', null, h('dt', null, name), h('dd', null, text));
  const { service: us } = report;
  const up = report.startedAt && Math.max(0, Math.round((Date.now() - Date.parse(report.startedAt)) / 1000));
  show($('#facts'),
    fact('state', h('span', { class: 'state' }, report.state)),
    fact(us.pod ? 'pod' : 'host', us.pod ?? us.hostName),
    fact('namespace', us.namespace), fact('node', us.node),
    fact('transport', report.transport), fact('kernel', report.kernel),
    fact('up', up === null ? null : secondsOf(up)),
    fact('generation', String(generation(report)), changeCount() > 0 && service.changedIn === generation(report)
      ? h('a', { href: '#options', class: 'changed' }, ` ${many(changeCount(), 'option')} changed`) : ''),
    fact('answered', clock(service.answeredAt)));
}

/** What is wrong, and what to type. */
function showFindings(report, short, waiting, slow) {
  const items = short.slice(0, 5).map(shortfall);
  if (short.length > 5) items.push(h('li', null, h('a', { href: '#options' }, `${many(short.length - 5, 'more shortfall')} in the table`)));
  if (waiting.tone === 'bad') {
    const { current, max, listener } = waiting.fullest;
    items.push(h('li', null, h('p', null, h('b', null, `Accept queue of ${listener}`), ` holds ${count(current)} of ${count(max)}: `,
      'connections come faster than they are accepted, or nothing accepts. Further SYNs are dropped. Raise ',
      h('code', null, keyOf(listener, 'accept-backlog')), ' for bursts; look at ', h('a', { href: '/q/health/live' }, '/q/health/live'), ' if it stays full.')));
  }
  if (slow) items.push(slowReader(slow));
  for (const listener of report.listeners.filter(each => each.traffic.refused.limit > 0 && (service.rates.get(each.name)?.refused ?? 0) > 0)) {
    items.push(h('li', null, h('p', null, h('b', null, `${listener.name} refuses connections`), ` at its limit of ${count(listener.traffic.limit)}: raise `,
      h('code', null, limitOf(listener)), '.')));
  }
  $('#findings').hidden = items.length === 0;
  show($('#findings ol'), items);
}

// What decides how many it serves.
function limitOf({ name, traffic }) {
  if (traffic.limitReason === 'descriptors') return 'ulimit -n';
  if (traffic.limitReason === 'heap') return '-Xmx';
  return name === 'default' ? 'echo.max-connections' : `echo.listeners.${name}.max-connections`;
}

function shortfall(option) {
  const { command, where } = mend(option);
  return h('li', null,
    h('p', null, h('b', null, option.option), ` of ${option.listener} is ${option.status}: `, why(option)),
    command && h('p', { class: 'command' }, h('code', null, command), copyButton(command), h('span', { class: 'where' }, where)));
}

function why(option) {
  const { governedBy: governor, requested, unit } = option;
  if (option.reason !== 'clamped' || typeof governor?.value !== 'number') return `${option.note ?? option.reason}.`;
  return [value(requested, unit), ' asked for, ', value(governor.value, unit), ' allowed by ', h('code', null, governor.sysctl),
    governor.scope === 'machine' ? ' of the node.' : ' of this namespace.'];
}

function slowReader(slow) {
  const named = service.connections?.connections.find(each => each.limitedBy?.by === 'receiver');
  return h('li', null, h('p', null, h('b', null, many(slow, 'slow reader')), ': ',
    named ? [h('a', { href: '#connections' }, named.remote), ` of ${named.listener} keeps the echo waiting ${Math.round(named.limitedBy.share * 100)} % of the time: ${named.limitedBy.note}.`]
      : ['among the connections that were asked. ', service.report.connectionsShown ? '' : ['Set ', h('code', null, 'echo.connections.enabled=true'), ' to see which.']]));
}
