import { $, cell, copyButton, h, show, table } from './dom.js';
import { value } from './format.js';
import { ask, identity, options, service } from './service.js';

const SHORT = new Set(['reduced', 'inert', 'ignored']);
const OFF = { 'net.ipv4.tcp_moderate_rcvbuf': 1, 'net.ipv4.tcp_reflect_tos': 0, 'net.ipv4.tcp_fwmark_accept': 0, 'net.ipv4.ip_nonlocal_bind': 0,
  'net.ipv6.ip_nonlocal_bind': 0 };
const FAST_OPEN_FOR_SERVERS = 2;

export const isShortfall = option => SHORT.has(option.status);

export function keyOf(listener, key) {
  const name = /^[\w-]+$/.test(listener) ? listener : `"${listener}"`;
  return listener === 'default' ? `echo.socket.${key}` : `echo.listeners.${name}.socket.${key}`;
}

/** What would make it what was asked, to be typed, and where. */
export function mend(option) {
  const governor = option.governedBy;
  if (option.reason === 'needs-keepalive') return { command: keyOf(option.listener, 'tcp-keep-alive') + '=true', where: 'in the configuration' };
  if (option.reason === 'transport') return { command: 'quarkus.vertx.prefer-native-transport=true', where: 'in the configuration, on Linux' };
  if (!governor || !isShortfall(option)) return {};
  const needed = governor.sysctl === 'net.ipv4.tcp_fastopen' ? Number(governor.value) | FAST_OPEN_FOR_SERVERS
    : governor.sysctl in OFF ? OFF[governor.sysctl] : option.reason === 'clamped' || option.reason === 'computed' ? option.requested : null;
  if (needed === null) return {};
  return {
    command: `sysctl -w ${governor.sysctl}=${needed}`,
    where: governor.scope === 'machine' ? 'on the node, as root: it holds for all pods. Then start the service again'
      : 'in this network namespace; in a pod by the chart’s sysctls.values. Then start the service again',
  };
}

export const changeCount = () => service.changes.size;

const rank = option => isShortfall(option) ? 0 : option.was ? 1 : option.requested !== null ? 2 : 3;

/** One row for a listening socket and its connections, where they have the same. */
function rows(report) {
  const found = new Map();
  for (const option of options(report)) {
    const other = found.get(option.listener + '\u0000' + option.option);
    const was = service.changes.get(identity(option));
    if (other && other.effective === option.effective && other.status === option.status) {
      Object.assign(other, { role: 'both', was: other.was ?? was });
      if (!other.note) Object.assign(other, { note: option.reason === 'inherited' ? null : option.note, reason: option.reason });
    } else {
      found.set(option.listener + '\u0000' + option.option + (other ? option.role : ''), { ...option, was });
    }
  }
  return found.values();
}

const ROLES = { listener: 'listening socket', connection: 'connections', both: 'socket and connections' };

export function showOptions() {
  const text = $('#filter').value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = option => (!$('#shortfalls').checked || isShortfall(option)) && (!$('#asked').checked || option.requested !== null || option.was)
    && text.every(word => [option.option, option.key, option.listener, option.role, option.status, option.reason, option.governedBy?.sysctl,
      option.was ? 'changed' : ''].join(' ').toLowerCase().includes(word));
  const all = [...rows(service.report)];
  const shown = all.filter(wanted).sort((a, b) => rank(a) - rank(b));
  $('#options-count').textContent = shown.length === all.length ? `${all.length}, shortfalls first` : `${shown.length} of ${all.length}`;
  show($('#options .table'), shown.length ? table('Socket options, requested and effective',
    ['Option', 'Of', 'Asked for', 'Has', 'Status', 'Why'], shown.map(row)) : h('p', { class: 'note' }, 'No option is like that.'));
  showKeys(all);
}

function row(option) {
  const { was } = option;
  const { command, where } = mend(option);
  return h('tr', { role: 'row', 'data-key': identity(option), class: [isShortfall(option) ? 'short' : option.requested === null ? 'quiet' : '',
    was ? 'changed' : ''].join(' ') },
    h('th', { role: 'rowheader', scope: 'row', 'data-label': 'Option' }, h('code', null, option.option), option.key && h('small', null, option.key)),
    cell('Of', { class: 'name' }, option.listener, h('small', null, ROLES[option.role])),
    cell('Asked for', { class: 'number' }, value(option.requested, option.unit),
      was && was.requested !== option.requested ? h('small', { class: 'was' }, 'was ', value(was.requested, option.unit)) : ''),
    cell('Has', { class: 'number' }, value(option.effective, option.unit),
      was && was.effective !== option.effective ? h('small', { class: 'was' }, 'was ', value(was.effective, option.unit)) : ''),
    cell('Status', null, h('span', { class: 'status ' + option.status }, option.status), was ? h('span', { class: 'badge' }, 'changed') : ''),
    cell('Why', { class: 'why' }, option.reason ? h('span', { class: 'reason' }, option.reason) : '', option.note ?? (option.governedBy
      ? `from ${option.governedBy.sysctl} = ${option.governedBy.value ?? '?'}` : ''),
      command ? h('p', { class: 'command' }, h('code', null, command), copyButton(command), h('span', { class: 'where' }, where)) : ''));
}

/** What /what-if takes: the keys of the report. */
function showKeys(all) {
  const keys = [...new Set(all.map(option => option.key).filter(Boolean))].sort();
  if ($('#whatif-key').length !== keys.length) {
    show($('#whatif-key'), keys.map(key => h('option', { value: key, selected: key === 'receive-buffer-size' }, key)));
  }
}

export async function askWhatIf(event) {
  event.preventDefault();
  const key = $('#whatif-key').value;
  const given = $('#whatif-value').value.trim();
  const answer = $('#whatif-answer');
  if (!given) {
    show(answer, h('p', { class: 'note' }, 'Type a value, such as 8M, 100000, 30S or true.'));
    return;
  }
  try {
    const found = await ask(`/what-if?${new URLSearchParams({ [key]: given })}`);
    const rows = [['listener', 'listening socket'], ['accepted', 'connection']].flatMap(([role, name]) => found[role].options
      .filter(option => option.key === key).map(option => ({ ...option, listener: 'default', role, name })));
    show(answer, h('p', { class: 'answer' }, `${found.summary[0].toUpperCase()}${found.summary.slice(1)}.`),
      rows.map(option => h('p', { class: isShortfall(option) ? 'short' : null }, h('code', null, option.option), ` of a ${option.name} would be `,
        h('b', null, value(option.effective, option.unit)), ' ', h('span', { class: 'status ' + option.status }, option.status), ' ', option.note ?? '')),
      rows.map(mend).filter((each, i, list) => each.command && list.findIndex(other => other.command === each.command) === i)
        .map(({ command, where }) => h('p', { class: 'command' }, h('code', null, command), copyButton(command), h('span', { class: 'where' }, where))));
  } catch (e) {
    show(answer, h('p', { class: 'bad' }, e.answered ? e.message : 'The service does not answer.'));
  }
}
