import { splitPath } from '../ui/parts/format.ts';
import { placeWords } from '../ui/search/words.ts';
import { icon, make, marked } from './dom.ts';
import type { Finder, ShownChunk } from './finder.ts';
import type { Frame } from './frame.ts';

/** Chunks before and after the one that is opened, and by how many the text grows. */
const AROUND = 6;
const STEP = 20;
const ARROW = 'm12 19-7-7 7-7M19 12H5';

export interface Reader {
  /** Shows a file at a chunk, with the words of a query marked. */
  open(path: string, index: number, query: string): Promise<void>;
  /** Told when a person goes back to the list. */
  onBack(listener: () => void): void;
}

/** The pane at right: a stretch of a file. */
export function createReader(finder: Finder, frame: Frame): Reader {
  const pane = frame.reader;
  let back: () => void = () => {};
  let turn = 0;
  pane.append(make('p', { class: 'hint' }, 'Search, or choose a file. It is shown here.'));

  function leave(): void {
    frame.show('list');
    back();
  }

  async function open(path: string, index: number, query: string): Promise<void> {
    turn += 1;
    const mine = turn;
    let first = Math.max(0, index - AROUND);
    let end = index + AROUND + 1;
    const chunks = await finder.chunks(path, first, end, query);
    if (mine !== turn) return;

    const [folder, name] = splitPath(path);
    const goBack = make(
      'button',
      { type: 'button', class: 'back', 'aria-label': 'Back to the list' },
      icon(ARROW),
    );
    goBack.addEventListener('click', leave);
    const earlier = make('button', { type: 'button', class: 'more' }, 'Show what comes before');
    const later = make('button', { type: 'button', class: 'more' }, 'Show what comes after');
    const text = make('div', { class: 'text' });
    const scroller = make(
      'div',
      { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': `Chunks of ${name}` },
      earlier,
      text,
      later,
    );
    const places = () => {
      earlier.hidden = first === 0;
      later.hidden = shown.length < end - first;
    };
    let shown = chunks;
    const draw = () => {
      text.replaceChildren(...pieces(shown, index));
      places();
    };
    const grow = async (from: number, to: number) => {
      const more = await finder.chunks(path, from, to, query);
      if (mine !== turn) return;
      first = from;
      end = to;
      shown = more;
      draw();
    };
    earlier.addEventListener('click', async () => {
      // What is being read stays where it is.
      const below = scroller.scrollHeight - scroller.scrollTop;
      await grow(Math.max(0, first - STEP), end);
      scroller.scrollTop = scroller.scrollHeight - below;
      if (earlier.hidden) scroller.focus();
    });
    later.addEventListener('click', async () => {
      await grow(first, end + STEP);
      if (later.hidden) scroller.focus();
    });
    scroller.addEventListener('keydown', event => {
      if (event.key === 'Escape') leave();
    });

    draw();
    pane.replaceChildren(
      make(
        'div',
        { class: 'head title' },
        goBack,
        make('h2', { title: path }, name),
        make('p', { class: 'fine' }, folder.slice(0, -1)),
      ),
      scroller,
    );
    pane.setAttribute('aria-label', name);
    frame.show('reader');
    scroller.focus({ preventScroll: true });
    text.querySelector('[aria-current]')?.scrollIntoView({ block: query === '' ? 'start' : 'center' });
    if (query === '') scroller.scrollTop = 0;
  }

  return {
    open,
    onBack(listener) {
      back = listener;
    },
  };
}

/** Chunks as they follow each other: what one repeats of another is shown once, in the chosen one where it is there. */
function pieces(chunks: readonly ShownChunk[], chosen: number): HTMLElement[] {
  const start = chunks.find(({ index }) => index === chosen)?.start ?? 0;
  let caption = '';
  let end = 0;
  return chunks.map(chunk => {
    const own = chunk.index === chosen;
    const from = own ? chunk.start : Math.max(chunk.start, Math.min(end, chunk.end));
    const to = chunk.index < chosen ? Math.max(from, Math.min(chunk.end, start)) : chunk.end;
    end = Math.max(end, chunk.end);
    const place = placeWords(chunk);
    const heading = [chunk.page, ...chunk.headings].join('\n');
    const captioned = own || heading !== caption;
    caption = heading;
    return make(
      'div',
      { class: 'chunk', 'aria-current': own ? 'true' : undefined },
      ...(captioned && place ? [make('p', { class: 'caption' }, place)] : []),
      make('p', { class: 'words' }, ...part(chunk, from - chunk.start, to - chunk.start)),
    );
  });
}

/** The units [from, to) of a chunk, its marks among them. */
function part({ text, marks }: ShownChunk, from: number, to: number): Node[] {
  const within = marks
    .map(([start, end]): [number, number] => [Math.max(start, from) - from, Math.min(end, to) - from])
    .filter(([start, end]) => start < end);
  return marked(text.slice(from, to), within);
}
