import type { SearchAnswer, SearchHit } from '../domain/search.ts';
import type { ShareAbout } from '../domain/share.ts';
import { fromHash, toHash } from '../state/search-link.ts';
import { number, plural } from '../ui/parts/format.ts';
import { balanceWords, countWords, weakWords } from '../ui/search/words.ts';
import { createChoices } from './choices.ts';
import { make } from './dom.ts';
import type { Finder, SharedFile } from './finder.ts';
import type { Frame } from './frame.ts';
import { fileOption, hitOption } from './options.ts';
import type { Reader } from './reader.ts';

/** Milliseconds after the last letter. */
const DEBOUNCE_MS = 80;
/** While the file is read it is asked again this long after the last answer, or so many times what that took. */
const AGAIN_MS = 400;
const TIMES_ANSWER = 10;
/** Hits and files at first, and by how many each list grows. */
const HITS = 60;
const FILES = 200;
/** As in Vecdrop, until a person moves it. */
const BALANCE = 0.5;

export interface HitsPane {
  /** Asks again what is asked, as more of the file was read: at once, or when a moment has passed since the last time. */
  again(when?: 'soon'): void;
}

interface PaneOptions {
  about: ShareAbout;
  finder: Finder;
  frame: Frame;
  reader: Reader;
}

/** The list at left: hits while something is asked, else the files. */
export function createHitsPane({ about, finder, frame, reader }: PaneOptions): HitsPane {
  const { field, clear, list } = frame;
  let hits: readonly SearchHit[] = [];
  let files: readonly SharedFile[] = [];
  let balance = about.meaning ? BALANCE : 0;
  let limit = HITS;
  let shownFiles = FILES;
  /** The text whose hits are shown. */
  let answered: string | undefined;
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let nextAgain = 0;

  const count = make('h2');
  const slider = make('input', {
    type: 'range',
    min: 0,
    max: 100,
    step: 10,
    'aria-label': 'Meaning or words',
  });
  const scale = make(
    'label',
    { class: 'scale' },
    make('span', {}, 'Meaning'),
    slider,
    make('span', {}, 'Words'),
  );
  const stands = make('p', { class: 'stands' });
  const more = make('button', { type: 'button', class: 'more' });
  const nothing = make('p', { class: 'nothing' });
  const focusField = () => field.focus();
  const choices = createChoices({
    id: 'hits',
    label: 'Hits',
    onOpen: index => void open(index),
    onLeave: focusField,
    onEscape: () => leave(),
    onActive: id => {
      if (id && document.activeElement === field) field.setAttribute('aria-activedescendant', id);
      else field.removeAttribute('aria-activedescendant');
    },
  });
  list.append(
    make('div', { class: 'head' }, make('div', { role: 'status' }, count), scale, stands),
    make('div', { class: 'scroller' }, choices.element, nothing, more),
  );

  const asked = () => field.value.trim();

  function showBalance(): void {
    slider.value = String(Math.round((1 - balance) * 100));
    slider.setAttribute('aria-valuetext', balanceWords(balance));
  }

  function link(): void {
    const hash = toHash({ text: asked(), ...(about.meaning ? { balance } : {}) });
    history.replaceState(history.state, '', hash || '#');
  }

  async function ask(): Promise<void> {
    clearTimeout(timer);
    turn += 1;
    const mine = turn;
    const text = asked();
    clear.hidden = text === '';
    if (text === '') {
      answered = undefined;
      await showFiles(mine);
      return;
    }
    const answer = await finder.ask({ text, balance, limit });
    if (mine === turn) showHits(text, answer);
  }

  function showHits(text: string, answer: SearchAnswer): void {
    // What is active stays so while more is found, and what has the focus keeps it.
    const before = answered === text ? hits[choices.active] : undefined;
    hits = answer.hits;
    answered = text;
    list.setAttribute('aria-label', 'Hits');
    choices.element.setAttribute('aria-label', 'Hits');
    choices.set(hits.map(hit => hitOption(hit, answer.weak === true)));
    const same = before ? hits.findIndex(hit => keyOf(hit) === keyOf(before)) : -1;
    if (same >= 0) choices.choose(same, false);
    count.textContent = countWords(answer);
    field.setAttribute('aria-expanded', String(hits.length > 0));
    nothing.textContent = hits.length === 0 ? `Nothing found for ${text}.` : '';
    scale.hidden = !about.meaning;
    stands.textContent = weakWords(answer) ?? standsWords(answer, about);
    more.hidden = hits.length < limit;
    more.textContent = 'Show more';
  }

  async function showFiles(mine: number): Promise<void> {
    const found = await finder.files();
    if (mine !== turn) return;
    const before = list.getAttribute('aria-label') === 'Files' ? files[choices.active]?.path : undefined;
    files = found;
    hits = [];
    list.setAttribute('aria-label', 'Files');
    choices.element.setAttribute('aria-label', 'Files');
    choices.set(files.slice(0, shownFiles).map(fileOption));
    const same = files.findIndex(({ path }) => path === before);
    if (same >= 0) choices.choose(same, false);
    count.textContent = plural(files.length, 'file');
    field.setAttribute('aria-expanded', 'false');
    nothing.textContent = about.records === 0 ? 'There are no chunks in this collection.' : '';
    scale.hidden = true;
    stands.textContent = '';
    more.hidden = files.length <= shownFiles;
    more.textContent = `Show more of ${number(files.length)} files`;
  }

  async function open(index: number): Promise<void> {
    const hit = hits[index];
    const file = files[index];
    if (answered !== undefined && hit) await reader.open(hit.path, hit.ordinal, answered);
    else if (answered === undefined && file) await reader.open(file.path, 0, '');
  }

  function leave(): void {
    field.value = '';
    limit = HITS;
    link();
    void ask();
    field.focus();
  }

  function soon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      link();
      void ask();
    }, DEBOUNCE_MS);
  }

  /** Sets what a link asks for; what was typed while the page started stays. */
  function restore(typed = ''): void {
    const wanted = fromHash(location.hash);
    field.value = typed || (wanted?.text ?? '');
    if (about.meaning) balance = wanted?.balance ?? BALANCE;
    showBalance();
    void ask();
  }

  field.addEventListener('input', () => {
    limit = HITS;
    frame.show('list');
    soon();
  });
  field.addEventListener('focus', () => frame.show('list'));
  field.addEventListener('keydown', event => {
    // Keys that choose a word in an input method are its own.
    if (event.isComposing) return;
    if (event.key === 'Escape') leave();
    else if (event.key === 'Enter') {
      if (asked() !== (answered ?? '')) void ask().then(() => open(0));
      else if (answered !== undefined) void open(Math.max(0, choices.active));
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') choices.move(event.key);
    else return;
    event.preventDefault();
  });
  clear.addEventListener('click', leave);
  slider.addEventListener('input', () => {
    balance = 1 - Number(slider.value) / 100;
    showBalance();
    link();
    void ask();
  });
  more.addEventListener('click', () => {
    if (answered === undefined) shownFiles += FILES;
    else limit += HITS;
    const from = choices.count;
    void ask().then(() => {
      choices.element.focus();
      choices.choose(from);
    });
  });
  addEventListener('keydown', event => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.target as HTMLElement | null)?.closest('input:not([type=range])')) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  addEventListener('hashchange', () => restore());
  reader.onBack(() => choices.element.focus());

  restore(field.value);
  return {
    again(when) {
      if (when === 'soon' && performance.now() < nextAgain) return;
      nextAgain = Number.POSITIVE_INFINITY;
      const from = performance.now();
      void ask().finally(() => {
        const now = performance.now();
        nextAgain = now + Math.max(AGAIN_MS, TIMES_ANSWER * (now - from));
      });
    },
  };
}

function keyOf({ path, ordinal }: SearchHit): string {
  return `${ordinal} ${path}`;
}

/** What keeps an answer from being the whole one. */
function standsWords({ meaning, notice, behind, chunks }: SearchAnswer, { records }: ShareAbout): string {
  if (notice !== undefined) return notice;
  if (chunks.words < records)
    return `Looked through ${number(chunks.words)} of ${plural(records, 'chunk')} so far.`;
  if (meaning === 'wait') return 'Found by words so far: the model is loading.';
  return behind && meaning === 'used' ? 'Meaning is being read: more is found in a moment.' : '';
}
