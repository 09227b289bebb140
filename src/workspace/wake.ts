/** A condition variable: `wait` settles at the next `notify`. */
export function createSignal(): { wait(): Promise<void>; notify(): void } {
  let settle = () => {};
  let next: Promise<void> | undefined;
  return {
    wait() {
      next ??= new Promise<void>(resolve => {
        settle = resolve;
      });
      return next;
    },
    notify() {
      next = undefined;
      settle();
    },
  };
}
