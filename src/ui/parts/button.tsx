import type { ComponentProps } from 'react';
import css from './button.module.css';

interface Props extends ComponentProps<'button'> {
  look?: 'plain' | 'primary' | 'quiet' | 'danger' | 'link';
  /** Square, for a single icon; give an aria-label. */
  icon?: boolean;
}

export function Button({ look = 'plain', icon = false, className = '', ...rest }: Props) {
  const classes = [css.button, css[look], icon ? css.icon : '', className].filter(Boolean).join(' ');
  return <button type="button" className={classes} {...rest} />;
}
