import type { ShareBlockKind } from '../domain/share.ts';

/** A block of the file as it stands in the page. */
export interface PageBlock {
  kind: ShareBlockKind;
  text: string;
}

/**
 * The blocks of this page in order, each as soon as the browser has read it, and taken out of the page, so that none
 * is held longer than it is needed. Ends after the block 'end', or where the file is cut short.
 */
export async function* pageBlocks(): AsyncGenerator<PageBlock> {
  for (;;) {
    const element = document.querySelector<HTMLElement>('[data-block]');
    const whole = element?.nextElementSibling || element?.dataset.block === 'end';
    if (element && whole) {
      const kind = element.dataset.block as ShareBlockKind;
      const text = element.textContent ?? '';
      element.remove();
      yield { kind, text };
      if (kind === 'end') return;
    } else if (document.readyState === 'loading') await more();
    else return;
  }
}

/** Resolves when the browser has read more of the page. */
function more(): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      observer.disconnect();
      document.removeEventListener('readystatechange', done);
      resolve();
    };
    const observer = new MutationObserver(done);
    observer.observe(document.body, { childList: true });
    document.addEventListener('readystatechange', done);
  });
}
