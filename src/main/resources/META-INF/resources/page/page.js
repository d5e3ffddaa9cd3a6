import { $, copy } from './dom.js';
import { open, showConnections, sortBy } from './connections.js';
import { save } from './evidence.js';
import { copyExactly } from './format.js';
import { showKernel } from './kernel.js';
import { showListeners } from './listeners.js';
import { askWhatIf, showOptions } from './options.js';
import { service, watch } from './service.js';
import { openStrips, showStrips } from './strips.js';
import { showVerdict } from './verdict.js';

const ACTIONS = {
  copy: button => copy(button),
  save: () => save(),
  sort: button => sortBy(button.dataset.by),
  open: button => open(button.dataset.id),
};

let drawn = null;

function draw() {
  showVerdict();
  if (!service.report || service.failure) return;
  showListeners();
  showStrips();
  if (drawn !== service.report.sysctls) { // options come with them, and seldom
    drawn = service.report.sysctls;
    showOptions();
  }
  showConnections();
  showKernel();
}

document.addEventListener('click', event => {
  const button = event.target.closest('[data-do]');
  if (button) ACTIONS[button.dataset.do](button);
});
document.addEventListener('copy', copyExactly);
for (const id of ['filter', 'shortfalls', 'asked']) $('#' + id).addEventListener('input', () => service.report && showOptions());
$('#options form').addEventListener('submit', event => event.preventDefault());
$('#whatif form').addEventListener('submit', askWhatIf);
openStrips();
watch(draw);
