import type { ShareAbout } from '../domain/share.ts';
import { icon, make } from './dom.ts';
import { madeWords, type Reading, sizeWords } from './words.ts';

/** What stands around: the head with the field, two panes of which a narrow window shows one, the foot. */
export interface Frame {
  element: HTMLElement;
  field: HTMLInputElement;
  clear: HTMLButtonElement;
  list: HTMLElement;
  reader: HTMLElement;
  /** Which pane a narrow window shows. */
  show(pane: 'list' | 'reader'): void;
  /** How far the reading of the file is; undefined when it is done. */
  progress(reading: Reading | undefined): void;
  files(count: number): void;
  /** A sentence that stays. */
  warn(sentence: string): void;
}

const GLASS = 'm21 21-4.34-4.34M11 19a8 8 0 1 0 0-16 8 8 0 0 0 0 16';
const CROSS = 'M18 6 6 18M6 6l12 12';

export function createFrame(about: ShareAbout): Frame {
  const size = make('p', { class: 'fine' }, sizeWords(about.records));
  const field = make('input', {
    id: 'search',
    type: 'text',
    role: 'combobox',
    inputmode: 'search',
    enterkeyhint: 'search',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    placeholder: about.meaning ? 'Search by meaning and by word' : 'Search by word',
    'aria-label': `Search ${about.collection}`,
    'aria-keyshortcuts': '/',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': 'hits',
  });
  const clear = make(
    'button',
    { type: 'button', class: 'clear', 'aria-label': 'Clear the search' },
    icon(CROSS),
  );
  clear.hidden = true;
  const bar = make('span', { class: 'bar' });
  const track = make('span', { class: 'track', role: 'progressbar', 'aria-label': 'Reading the file' }, bar);
  const words = make('span');
  const reading = make('p', { class: 'reading' }, words, track);
  reading.hidden = true;
  const list = make('section', { class: 'list', 'aria-label': 'Files' });
  const reader = make('section', { class: 'reader', 'aria-label': 'Chunks' });
  const main = make('main', { class: 'panes' }, list, reader);
  main.dataset.pane = 'list';
  const notices = make('div', { class: 'notices', role: 'alert' });
  const search = document.createElement('search');
  search.append(
    make('div', { class: 'field' }, icon(GLASS), field, clear, make('kbd', { 'aria-hidden': 'true' }, '/')),
  );
  const element = make(
    'div',
    { class: 'app' },
    make(
      'header',
      {},
      make('div', { class: 'name' }, make('h1', { title: about.collection }, about.collection), size),
      search,
      reading,
    ),
    notices,
    main,
    make('footer', {}, make('p', {}, madeWords(about))),
  );
  return {
    element,
    field,
    clear,
    list,
    reader,
    show(pane) {
      main.dataset.pane = pane;
    },
    progress(done) {
      reading.hidden = done === undefined;
      if (!done) return;
      words.textContent = done.words;
      track.setAttribute('aria-valuenow', String(Math.round(done.done * 100)));
      bar.style.transform = `scaleX(${done.done})`;
    },
    files(count) {
      size.textContent = sizeWords(about.records, count);
    },
    warn(sentence) {
      if (notices.textContent?.includes(sentence)) return;
      notices.append(make('p', {}, sentence));
    },
  };
}
