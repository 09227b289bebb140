/** Frames that a document has to come in: two seconds. */
const FRAMES = 120;

/** Into the opened file: its chunks as soon as they are there, the pane until then or where there are none. */
export function focusDetail(frames = FRAMES): void {
  requestAnimationFrame(() => {
    const pane = document.getElementById('detail');
    const list = pane?.querySelector<HTMLElement>('[role=listbox]');
    const now = document.activeElement;
    // A person who has gone elsewhere meanwhile is left there.
    if (frames < FRAMES && now !== pane && now !== document.body) return;
    (list ?? pane)?.focus();
    if (!list && frames > 0) focusDetail(frames - 1);
  });
}
