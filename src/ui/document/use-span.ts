import { useEffect, useState } from 'react';
import type { TextSource } from './text-source.ts';

/** A span of the text, here now or soon. */
export function useSpan(source: TextSource, start: number, end: number): string | undefined {
  const [read, setRead] = useState<{ source: TextSource; start: number; end: number; text: string }>();
  const here = source.peek(start, end);
  const missing = here === undefined;
  useEffect(() => {
    if (!missing) return;
    let current = true;
    source.read(start, end).then(
      text => current && setRead({ source, start, end, text }),
      () =>
        current &&
        setRead({
          source,
          start,
          end,
          text: 'This part of the text could not be read. Open the file again.',
        }),
    );
    return () => {
      current = false;
    };
  }, [source, start, end, missing]);
  if (here !== undefined) return here;
  const fits = read && read.source === source && read.start === start && read.end === end;
  return fits ? read.text : undefined;
}
