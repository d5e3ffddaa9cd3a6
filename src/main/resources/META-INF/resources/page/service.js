/** What the service told, second by second; everything else draws it. */
const KEPT = 300;
const DETAILS_MILLIS = 15000;
const CONNECTIONS_MILLIS = 3000;
const PATIENCE_MILLIS = 5000;

export const service = {
  /** The latest report, with the options of the latest that had them. */
  report: null,
  /** Per second: rates and levels of all listeners; at most five minutes. */
  history: [],
  /** By listener name: rates per second, null while they are not known. */
  rates: new Map(),
  connections: null,
  closed: null,
  /** What differs from the generation before, by option. */
  changes: new Map(),
  changedIn: 0,
  /** When an answer came last, and why none came since. */
  answeredAt: 0,
  failure: null,
};

let previous = null;
let detailsAt = 0;
let connectionsAt = 0;
let changed = () => {};
let timer = 0;
let asking = false;

export function watch(onChange) {
  changed = onChange;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.hidden) gap();
    else tick();
  });
  tick();
}

/** The strips show that nobody looked. */
function gap() {
  previous = null;
  const last = service.history.at(-1);
  if (last && last.active !== null) service.history.push({ at: last.at + 1 });
}

export async function ask(path, patience = PATIENCE_MILLIS) {
  const response = await fetch(path, { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(patience) });
  const body = await response.text();
  let json = null;
  try { json = JSON.parse(body); } catch { /* told by the status below */ }
  if (!response.ok || !json) {
    throw Object.assign(new Error(json?.error ?? `it answers with ${response.status}`), { answered: true });
  }
  return json;
}

async function tick() {
  if (asking || document.hidden) return;
  asking = true;
  const begun = performance.now();
  try {
    await askOnce();
    service.failure = null;
  } catch (e) {
    service.failure = e.answered ? `The service answers, but not as it should: ${e.message}.` : 'The service does not answer.';
    gap();
    detailsAt = 0;
  }
  asking = false;
  changed();
  clearTimeout(timer);
  timer = setTimeout(tick, Math.max(200, 1000 - (performance.now() - begun)));
}

async function askOnce() {
  const detailed = Date.now() - detailsAt > DETAILS_MILLIS;
  let report = await ask('/socket-options' + (detailed ? '' : '?details=false'));
  if (!detailed && isAnother(report)) report = await ask('/socket-options');
  accept(report);
  if (report.connectionsShown && Date.now() - connectionsAt >= CONNECTIONS_MILLIS) {
    connectionsAt = Date.now();
    try {
      service.connections = await ask('/connections?limit=100');
      service.closed = await ask('/connections/closed?limit=12');
    } catch (e) { // an event loop that is held up is no reason not to show the rest
      if (!e.answered) throw e;
    }
  }
}

const isAnother = report => report.startedAt !== service.report.startedAt || generation(report) !== generation(service.report)
  || report.state !== service.report.state || report.summary.split(';')[1] !== service.report.summary.split(';')[1];

export const generation = report => report.listeners[0]?.generation ?? 0;

function accept(report) {
  const old = service.report;
  if (report.sysctls.length) {
    detailsAt = Date.now();
    if (old && (generation(old) !== generation(report) || old.startedAt !== report.startedAt)) compare(old, report);
  } else {
    keepDetails(old, report);
  }
  service.report = report;
  service.answeredAt = Date.now();
  count(report);
}

function keepDetails(old, report) {
  Object.assign(report, { sysctls: old.sysctls, limits: old.limits });
  for (const listener of report.listeners) {
    const before = old.listeners.find(each => each.name === listener.name);
    if (!before) continue;
    listener.accepted = before.accepted;
    listener.sockets.forEach((socket, i) => { socket.options = before.sockets[i]?.options ?? []; });
  }
}

/** Each option of each listener once for its sockets and once for its connections. */
export function* options(report) {
  for (const listener of report.listeners) {
    const seen = new Set();
    for (const socket of listener.sockets) {
      for (const option of socket.options) {
        const same = JSON.stringify([option.option, option.effective, option.status, option.reason]);
        if (!seen.has(same)) yield { listener: listener.name, role: 'listener', ...option };
        seen.add(same);
      }
    }
    for (const option of listener.accepted.options) yield { listener: listener.name, role: 'connection', ...option };
  }
}

export const identity = option => [option.listener, option.role, option.option].join('\u0000');

/** What the traffic of a connection makes of these, or of those with such a reason, no reload has changed. */
const OF_THE_MOMENT = ['SO_INCOMING_CPU', 'TCP_QUICKACK', 'TCP_MAXSEG', 'TCP_WINDOW_CLAMP'];
const REASONS_OF_THE_MOMENT = ['autotuned', 'negotiated', 'overruled'];

const isOfTheMoment = option => option.role === 'connection'
  && (OF_THE_MOMENT.includes(option.option) || REASONS_OF_THE_MOMENT.includes(option.reason));

function compare(old, report) {
  const before = new Map([...options(old)].map(option => [identity(option), option]));
  service.changes = new Map();
  service.changedIn = generation(report);
  for (const option of options(report)) {
    const was = before.get(identity(option));
    if (!was) continue;
    const differs = was.effective !== option.effective || was.status !== option.status;
    if (was.requested !== option.requested || (differs && !isOfTheMoment(option))) {
      service.changes.set(identity(option), was);
    }
  }
}

const sum = (items, figure) => items.reduce((total, item) => total + (figure(item) ?? 0), 0);

/** Rates from what the counters grew by since the answer before. */
function count(report) {
  const now = { at: Date.now() / 1000, report };
  const again = previous && previous.report.startedAt === report.startedAt && generation(previous.report) === generation(report)
    && now.at - previous.at < 10 ? previous : null;
  const grown = (figure, listener) => {
    if (!again) return null;
    const before = again.report.listeners.find(each => each.name === listener.name);
    return before ? Math.max(0, figure(listener) - figure(before)) / (now.at - again.at) : null;
  };
  for (const listener of report.listeners) {
    service.rates.set(listener.name, {
      opened: grown(each => each.traffic.opened, listener),
      refused: grown(each => sum(Object.values(each.traffic.refused), n => n), listener),
      received: grown(each => each.traffic.bytesReceived, listener),
      sent: grown(each => each.traffic.bytesSent, listener),
    });
  }
  const all = report.listeners;
  const rates = [...service.rates.values()];
  const worst = figure => all.map(figure).filter(n => n !== null).reduce((a, b) => a === null || b > a ? b : a, null);
  const resent = report.network.retransmittedSegments;
  service.history.push({
    at: now.at,
    active: sum(all, each => each.traffic.active),
    opened: again && sum(rates, each => each.opened),
    received: again && sum(rates, each => each.received),
    sent: again && sum(rates, each => each.sent),
    queue: worst(each => Math.max(...each.sockets.map(socket => socket.acceptQueue.current ?? 0))),
    drops: again && Math.max(0, drops(report) - drops(again.report)),
    p50: worst(each => each.traffic.sample.rttP50Micros),
    p99: worst(each => each.traffic.sample.rttP99Micros),
    resent: again && resent !== null && resent !== undefined
      ? Math.max(0, resent - again.report.network.retransmittedSegments) / (now.at - again.at) : null,
  });
  while (service.history.length > 1 && service.history[0].at < now.at - KEPT) service.history.shift();
  previous = now;
}

/** One that never accepts, on purpose, has a full queue and drops all the time. */
export const accepts = listener => !listener.fault || listener.fault.filledBy === null;

export const drops = report => sum(report.listeners.filter(accepts).flatMap(each => each.sockets), socket => socket.drops);
