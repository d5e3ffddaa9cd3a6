import { h, say } from './dom.js';
import { service } from './service.js';

/** The page as it stands, in one file that needs neither this service nor a script, with the data it was drawn from. */
export function save() {
  const at = new Date();
  const page = document.documentElement.cloneNode(true);
  page.querySelectorAll('script, link, button.copy, .tools, nav, .skip, noscript, #whatif, [data-do=save], #said').forEach(each => each.remove());
  const canvases = document.querySelectorAll('canvas');
  page.querySelectorAll('canvas').forEach((canvas, i) => canvas.replaceWith(h('img', { src: canvases[i].toDataURL(), alt: '',
    width: canvases[i].clientWidth, height: canvases[i].clientHeight })));
  page.querySelectorAll('button').forEach(button => button.replaceWith(...button.childNodes));
  page.querySelectorAll('a[href^="/"]').forEach(link => link.replaceWith(...link.childNodes));
  const rules = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules]).map(rule => rule.cssText).join('\n');
  const { report, history, connections, closed } = service;
  const data = JSON.stringify({ savedAt: at.toISOString(), from: location.href, report, connections, closed, history }, null, 1);
  page.querySelector('head').append(h('style', null, rules), h('script', { type: 'application/json', id: 'data' }, data.replaceAll('<', '\\u003c')));
  page.querySelector('header').prepend(h('p', { class: 'evidence' }, `Saved ${at.toISOString()} from ${location.href}. The data it was drawn from is in this file, in the element “data”.`));
  const link = h('a', { href: URL.createObjectURL(new Blob(['<!doctype html>\n', page.outerHTML], { type: 'text/html' })),
    download: `tcp-echo-${(report?.service.pod ?? report?.service.hostName ?? 'host').replace(/[^\w.-]/g, '_')}-${at.toISOString().replaceAll(':', '')}.html` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say('Saved as ' + link.download);
}
