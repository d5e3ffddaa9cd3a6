/* global uPlot */
import { $, h } from './dom.js';
import { bytes, count, micros, rate } from './format.js';
import { service } from './service.js';

const MINUTES = 5;
const HEIGHT = 84;
const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** One strip for each question: what is drawn, and how the latest reads. */
const STRIPS = [
  { name: 'Connections', series: [['active', '--ink']], text: count },
  { name: 'Opened', series: [['opened', '--one']], text: n => rate(n) },
  { name: 'Bytes', series: [['received', '--one'], ['sent', '--two']], words: ['in', 'out'], text: n => rate(n, 'bytes'), axis: bytes },
  { name: 'Accept queue', series: [['queue', '--one'], ['drops', '--alarm']], words: ['longest', 'dropped'], text: count },
  { name: 'Round trip', series: [['p50', '--one'], ['p99', '--two']], words: ['p50', 'p99'], text: micros },
  { name: 'Segments sent again', series: [['resent', '--alarm']], text: n => rate(n), small: 'in this network namespace' },
];

const plots = [];

export function openStrips() {
  for (const strip of STRIPS) {
    const reading = h('span', { class: 'latest' });
    const canvas = h('div', { class: 'plot', 'aria-hidden': 'true' });
    $('.strips').append(h('figure', null, h('figcaption', null, h('b', null, strip.name), strip.small ? h('small', null, ' ' + strip.small) : '', reading), canvas));
    const plot = new uPlot({
      width: 300, height: HEIGHT, legend: { show: false }, cursor: { show: false }, select: { show: false }, padding: [6, 14, 0, 0],
      scales: { x: { time: false, range: () => [-MINUTES * 60, 0] }, y: { range: (u, low, high) => [0, Math.max(high ?? 0, 1) * 1.15] } },
      axes: [
        { size: 20, font: '11px system-ui', stroke: () => color('--quiet'), grid: { show: false }, ticks: { show: false },
          splits: () => [-300, -240, -180, -120, -60, 0], values: (u, splits) => splits.map(at => at ? `${at / 60} min`.replace('-', '−') : 'now').map((text, i) => i % 2 ? text : '') },
        { size: 52, font: '11px system-ui', stroke: () => color('--quiet'), grid: { stroke: () => color('--line'), width: 1 }, ticks: { show: false }, space: 28,
          incrs: strip.axis ? Array.from({ length: 40 }, (_, i) => 2 ** i) : undefined,
          values: (u, splits) => splits.map(at => at === null ? '' : (strip.axis ?? strip.text)(at).replace(/(\.0)?\/s$/, '')) },
      ],
      series: [{}, ...strip.series.map(([, name], i) => ({ stroke: () => color(name), width: 1.5, points: { show: false }, spanGaps: false,
        fill: i === 0 ? () => color(name) + '1c' : undefined }))],
    }, [[], ...strip.series.map(() => [])], canvas);
    plots.push({ strip, plot, reading, canvas });
  }
  new ResizeObserver(fit).observe($('.strips'));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plots.forEach(({ plot }) => plot.redraw()));
}

function fit() {
  for (const { plot, canvas } of plots) plot.setSize({ width: Math.max(180, canvas.clientWidth), height: HEIGHT });
}

export function showStrips() {
  const now = service.history.at(-1)?.at ?? 0;
  const x = service.history.map(point => point.at - now);
  for (const { strip, plot, reading } of plots) {
    plot.setData([x, ...strip.series.map(([field]) => service.history.map(point => point[field] ?? null))]);
    const last = service.history.at(-1) ?? {};
    const text = strip.series.map(([field], i) => `${last[field] === null || last[field] === undefined ? '–' : strip.text(last[field])}${
      strip.words ? ' ' + strip.words[i] : ''}`).join(' · ');
    if (reading.textContent !== text) reading.textContent = text;
  }
}
