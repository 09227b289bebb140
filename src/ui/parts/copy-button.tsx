import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { attempt } from '../app/actions.ts';
import { Button } from './button.tsx';
import { COPIED_MS } from './passing.ts';

interface Props {
  /** A function where it takes a while to write. */
  text: string | (() => string);
  label?: string;
}

/** Copies a text and says so itself: in a dialog, a notice at the page's foot would be far away. */
export function CopyButton({ text, label = 'Copy' }: Props) {
  const [copied, setCopied] = useState<string | true>();
  useEffect(() => {
    if (copied === undefined) return;
    const timer = setTimeout(() => setCopied(undefined), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const done = typeof text === 'string' ? copied === text : copied === true;
  const Icon = done ? Check : Copy;
  return (
    <Button
      onClick={() =>
        void attempt(async () => {
          await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
          setCopied(typeof text === 'string' ? text : true);
        })
      }
    >
      <Icon size={15} aria-hidden /> <span aria-live="polite">{done ? 'Copied' : label}</span>
    </Button>
  );
}
