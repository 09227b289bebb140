import type { ShareBlockKind } from '../domain/share.ts';

/** A block of the file as it stands in the page. */
interface PageBlock {
  kind: ShareBlockKind;
  text: string;
}

/**
 * The blocks of this page in order, each as soon as the browser has read it, and let go of when the next is asked for.
 * From this call on they are taken out of the page while it is being read: when Chromium has read a page it goes
 * through all text that is in it, which for a large file holds up the page. Ends after the block 'end', or where the
 * file is cut short.
 */
export function pageBlocks(): AsyncGenerator<PageBlock> {
  const waiting: HTMLElement[] = [];
  let wake = () => {};
  const take = () => {
    for (const element of document.querySelectorAll<HTMLElement>('[data-block]')) {
      // The last one may still be read.
      if (!element.nextElementSibling && element.dataset.block !== 'end') break;
      element.remove();
      waiting.push(element);
    }
    wake();
  };
  const observer = new MutationObserver(take);
  observer.observe(document.body, { childList: true });
  document.addEventListener('readystatechange', take);
  take();

  async function* blocks(): AsyncGenerator<PageBlock> {
    for (;;) {
      const element = waiting.shift();
      if (element) {
        const kind = element.dataset.block as ShareBlockKind;
        yield { kind, text: element.textContent ?? '' };
        if (kind === 'end') return;
      } else if (document.readyState === 'loading') {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      } else return;
    }
  }

  return (async function* () {
    try {
      yield* blocks();
    } finally {
      observer.disconnect();
      document.removeEventListener('readystatechange', take);
    }
  })();
}
