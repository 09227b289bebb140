import { Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import css from './notice.module.css';

interface Props {
  tone: 'plain' | 'warn' | 'bad';
  children: ReactNode;
  /** Buttons. */
  action?: ReactNode;
}

/** A line across a pane that says how things stand. */
export function Notice({ tone, children, action }: Props) {
  const Icon = tone === 'plain' ? Info : TriangleAlert;
  return (
    <div className={`${css.notice} ${css[tone]}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon size={16} aria-hidden className={css.icon} />
      <p className={css.words}>{children}</p>
      {action}
    </div>
  );
}
