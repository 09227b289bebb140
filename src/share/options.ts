import type { SearchHit } from '../domain/search.ts';
import { plural, splitPath } from '../ui/parts/format.ts';
import { foldedWords, placeWords, shownScore } from '../ui/search/words.ts';
import { make, marked } from './dom.ts';
import type { SharedFile } from './finder.ts';

/** A hit in the list: where, how well, and the words; `weak` where nothing in its answer is close. */
export function hitOption(hit: SearchHit, weak: boolean): HTMLElement {
  const [folder, name] = splitPath(hit.path);
  const place = [placeWords(hit), folder.slice(0, -1)].filter(Boolean).join(' · ');
  const folded = foldedWords(hit.folded);
  const score = shownScore(hit, weak);
  return make(
    'div',
    { class: 'option' },
    make(
      'div',
      { class: 'where', title: [hit.path, ...hit.headings].join(' › ') },
      make('span', { class: 'file' }, name),
      make('span', { class: 'place' }, place),
      ...(score
        ? [
            make(
              'span',
              { class: 'score', 'data-weak': weak },
              make('span', { class: weak ? undefined : 'unseen' }, `${score.name} `),
              score.value,
            ),
          ]
        : []),
    ),
    make('p', { class: 'excerpt' }, ...marked(hit.excerpt, hit.marks)),
    ...(folded ? [make('p', { class: 'folded' }, folded)] : []),
  );
}

/** A file in the list. */
export function fileOption({ path, chunks }: SharedFile): HTMLElement {
  const [folder, name] = splitPath(path);
  return make(
    'div',
    { class: 'option', title: path },
    make(
      'div',
      { class: 'where' },
      make('span', { class: 'file' }, name),
      make('span', { class: 'place' }, folder.slice(0, -1)),
      make('span', { class: 'count' }, plural(chunks, 'chunk')),
    ),
  );
}
