import { useEffect, useRef } from 'react';
import { Button } from '../parts/button.tsx';
import css from './import.module.css';

interface Props {
  title: string;
  /** What it is, in a few words. */
  about: string;
  busy: boolean;
  onOther: () => void;
}

/** What the files turned out to be. It takes the focus, for the button that led here is gone. */
export function StepHead({ title, about, busy, onOther }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className={css.head}>
      <div>
        <h3 ref={heading} tabIndex={-1} className={css.title}>
          {title}
        </h3>
        <p className={css.about}>{about}</p>
      </div>
      <Button disabled={busy} onClick={onOther}>
        Other files
      </Button>
    </div>
  );
}
