import css from './bar.module.css';

interface Props {
  /** 0 to 1. */
  value: number;
  label: string;
  className?: string;
}

/** A thin progress bar. */
export function Bar({ value, label, className = '' }: Props) {
  const share = Math.min(1, Math.max(0, value));
  return (
    <div
      className={`${css.bar} ${className}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <div className={css.fill} style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}

/** The same line without a voice, where the words beside it say the number. */
export function QuietBar({ value, className = '' }: Omit<Props, 'label'>) {
  return (
    <div className={`${css.bar} ${className}`} aria-hidden>
      <div className={css.fill} style={{ transform: `scaleX(${Math.min(1, Math.max(0, value))})` }} />
    </div>
  );
}
