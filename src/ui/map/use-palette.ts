import { useEffect, useState } from 'react';
import { COLOURS } from './groups.ts';
import type { Rgb } from './paint.ts';

/** The theme's colours, as numbers for the drawing. */
export interface Palette {
  /** By a group's `colour`: 0 for all others, 1 to 8. */
  kinds: readonly Rgb[];
  ink: Rgb;
  accent: Rgb;
}

/** Follows the theme. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    const changes = new MutationObserver(() => setPalette(readPalette()));
    changes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => changes.disconnect();
  }, []);
  return palette;
}

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => rgbOf(style.getPropertyValue(name));
  return {
    kinds: [read('--map-other'), ...Array.from({ length: COLOURS }, (_, i) => read(`--map-${i + 1}`))],
    ink: read('--ink'),
    accent: read('--accent'),
  };
}

/** '#1f5fd0' → [31, 95, 208] */
function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.trim().slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
