import { splitPath } from '../ui/parts/format.ts';
import { placeWords } from '../ui/search/words.ts';
import { icon, make, marked } from './dom.ts';
import type { Finder, ShownChunk } from './finder.ts';
import type { Frame } from './frame.ts';
import { joined } from './joined.ts';

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
    const current = text.querySelector<HTMLElement>('[aria-current]');
    // Of a chunk that is taller than the pane, where its first match is.
    const tall = (current?.offsetHeight ?? 0) > scroller.clientHeight;
    const to = tall ? (current?.querySelector('mark') ?? current) : current;
    if (query !== '') to?.scrollIntoView({ block: to === current && tall ? 'start' : 'center' });
  }

  return {
    open,
    onBack(listener) {
      back = listener;
    },
  };
}

/** A stretch of a file as it is read. */
function pieces(chunks: readonly ShownChunk[], chosen: number): HTMLElement[] {
  let caption = '';
  return joined(chunks, chosen).map(({ chunk, text, marks }) => {
    const own = chunk.index === chosen;
    const place = placeWords(chunk);
    const heading = [chunk.page, ...chunk.headings].join('\n');
    const captioned = own || heading !== caption;
    caption = heading;
    return make(
      'div',
      { class: 'chunk', 'aria-current': own ? 'true' : undefined },
      ...(captioned && place ? [make('p', { class: 'caption' }, place)] : []),
      make('p', { class: 'words' }, ...marked(text, marks)),
    );
  });
}
