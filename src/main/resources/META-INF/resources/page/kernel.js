import { $, cell, h, show, table } from './dom.js';
import { count, countOf } from './format.js';
import { service } from './service.js';

export function showKernel() {
  const { report } = service;
  show($('#kernel .pair'),
    h('div', { class: 'table' }, h('h3', null, 'Sysctls ', h('small', null, 'that govern the options')), table('Sysctls', ['sysctl', 'value', 'scope', 'governs'],
      report.sysctls.map(sysctl => h('tr', { role: 'row', 'data-key': sysctl.name }, h('th', { role: 'rowheader', scope: 'row', 'data-label': 'sysctl' }, h('code', null, sysctl.name)),
        cell('value', { class: 'number' }, sysctl.readable ? typeof sysctl.value === 'number' ? countOf(sysctl.value) : sysctl.value : 'cannot be read'),
        cell('scope', null, sysctl.scope === 'machine' ? 'machine' : 'namespace'), cell('governs', { class: 'why' }, sysctl.governs.join(', ') || '–'))))),
    h('div', null, h('h3', null, 'Event loops ', h('small', null, 'open connections of each')), report.listeners.map(loops),
      h('h3', null, 'Network namespace ', h('small', null, 'since its start, not of this service alone')),
      h('dl', { class: 'facts' }, Object.entries(report.network).map(([name, each]) => h('div', null,
        h('dt', null, name.replace(/[A-Z]/g, letter => ' ' + letter.toLowerCase())), h('dd', null, countOf(each)))))));
}

function loops(listener) {
  const most = Math.max(1, ...listener.eventLoops.map(loop => loop.connections));
  return h('div', { class: 'loops', 'data-key': listener.name }, h('span', null, listener.name), h('ul', null, listener.eventLoops.map(loop =>
    h('li', null, h('span', { class: 'unseen' }, loop.name + ': '), h('progress', { max: most, value: loop.connections, 'aria-label': loop.name, title: loop.name }),
      ' ', count(loop.connections)))));
}
