import type { Share } from './embed-api.ts';

/** Work spaces that one memory may grow to: more than instances ever are, for those that end in mid-work leave theirs behind. */
export const MOST_PLACES = 16;

/** One instance's place in a pool's memory. */
export interface Place {
  /** To open the instance with. */
  readonly share: Share;
  /** The instance serves: those to come get the memory that it made. */
  serves(memory: WebAssembly.Memory | undefined): void;
  /**
   * The instance has ended. Another one gets its place only where it did nothing any more: a worker that is
   * terminated in mid-work may go on for a moment.
   */
  leave(idle: boolean): void;
}

/** The places of a pool whose instances share their weights. The memory is freed with the last that refers to it. */
export interface Places {
  take(): Place;
  /** Lets go of the memory. */
  close(): void;
}

export function createPlaces(): Places {
  let current: { memory?: WebAssembly.Memory; taken: Set<number> } = { taken: new Set() };
  return {
    take() {
      // No place left: the next instance makes a memory of its own, and those to come are beside it.
      if (current.taken.size >= MOST_PLACES) current = { taken: new Set() };
      const here = current;
      const { memory, taken } = here;
      let place = 0;
      while (taken.has(place)) place++;
      taken.add(place);
      return {
        share: { place, ...(memory && { memory }) },
        serves(made) {
          if (made) here.memory ??= made;
        },
        leave(idle) {
          if (idle || !here.memory) taken.delete(place);
        },
      };
    },
    close() {
      current = { taken: new Set() };
    },
  };
}
