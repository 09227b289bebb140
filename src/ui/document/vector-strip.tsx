import { useEffect, useRef } from 'react';
import { useScreen } from '../app/hooks.ts';
import css from './chunk-panel.module.css';

/** A vector as a strip of colours: blue above zero, amber below, the stronger the further from it. */
export function VectorStrip({ vector }: { vector: Float32Array }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useScreen(state => state.theme);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours that are read here
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const style = getComputedStyle(element);
    const above = style.getPropertyValue('--above-zero');
    const below = style.getPropertyValue('--below-zero');
    let most = 0;
    for (const value of vector) most = Math.max(most, Math.abs(value));
    context.clearRect(0, 0, vector.length, 1);
    vector.forEach((value, i) => {
      // The square root keeps the many small numbers visible beside a few large ones.
      context.globalAlpha = most === 0 ? 0 : Math.sqrt(Math.abs(value) / most);
      context.fillStyle = value > 0 ? above : below;
      context.fillRect(i, 0, 1, 1);
    });
  }, [vector, theme]);

  const words = `The vector: ${vector.length} numbers, blue above zero, amber below`;
  return (
    <canvas
      ref={canvas}
      className={css.strip}
      width={vector.length}
      height={1}
      role="img"
      aria-label={words}
      title={words}
    />
  );
}
