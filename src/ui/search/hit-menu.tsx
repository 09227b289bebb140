import { BookOpen, Ellipsis, FileSearch, Quote, Shapes, Sigma } from 'lucide-react';
import type { SearchHit } from '../../domain/search.ts';
import { search } from '../../state/app.ts';
import { Button } from '../parts/button.tsx';
import { splitPath } from '../parts/format.ts';
import { Menu } from '../parts/menu.tsx';
import { copyQuotation, moreLike, openHit, toggleOnlyIn } from './actions.ts';
import css from './hits.module.css';
import { useSearch } from './hooks.ts';

interface Props {
  hit: SearchHit;
  top: number;
  /** One of all these buttons is on the way of the Tab key: that of the chosen hit. */
  reachable: boolean;
}

/** Beside its row rather than in it: an option of a listbox may hold no button. */
export function HitMenu({ hit, top, reachable }: Props) {
  const details = useSearch(state => state.details);
  const like = useSearch(state => state.like !== undefined);
  const only = useSearch(state => state.files.length === 1 && state.files[0] === hit.fileId);
  const name = splitPath(hit.path)[1];
  return (
    <div
      className={css.menu}
      data-reachable={reachable || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <Menu
        trigger={
          <Button
            look="quiet"
            icon
            tabIndex={reachable ? 0 : -1}
            aria-label={`What to do with this place in ${name}`}
          >
            <Ellipsis size={16} aria-hidden />
          </Button>
        }
        groups={[
          {
            choices: [
              { label: 'Open', icon: <BookOpen size={15} aria-hidden />, run: () => openHit(hit) },
              {
                label: 'Copy as quotation',
                icon: <Quote size={15} aria-hidden />,
                run: () => void copyQuotation(hit),
              },
              { label: 'More like this', icon: <Shapes size={15} aria-hidden />, run: () => moreLike(hit) },
            ],
          },
          {
            choices: [
              ...(like
                ? []
                : [
                    {
                      label: 'Only in this file',
                      icon: <FileSearch size={15} aria-hidden />,
                      checked: only,
                      run: () => toggleOnlyIn(hit.fileId),
                    },
                  ]),
              {
                label: 'Scores in detail',
                icon: <Sigma size={15} aria-hidden />,
                checked: details,
                run: () => {
                  search.choose(hit);
                  search.setDetails(!details);
                },
              },
            ],
          },
        ]}
      />
    </div>
  );
}
