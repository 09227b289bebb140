import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { attempt } from '../app/actions.ts';
import { Button } from './button.tsx';

/** Milliseconds that the button says so. */
const SAID = 2_000;

/** Copies a text and says so itself: in a dialog, a notice at the page's foot would be far away. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState<string>();
  useEffect(() => {
    if (copied === undefined) return;
    const timer = setTimeout(() => setCopied(undefined), SAID);
    return () => clearTimeout(timer);
  }, [copied]);
  const done = copied === text;
  const Icon = done ? Check : Copy;
  return (
    <Button
      onClick={() =>
        void attempt(async () => {
          await navigator.clipboard.writeText(text);
          setCopied(text);
        })
      }
    >
      <Icon size={15} aria-hidden /> <span aria-live="polite">{done ? 'Copied' : label}</span>
    </Button>
  );
}
