import { Undo2, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { screen } from '../../state/app.ts';
import type { Toast } from '../../state/screen.ts';
import { useScreen } from '../app/hooks.ts';
import { Button } from './button.tsx';
import { LONG_NOTICE_MS, NOTICE_MS } from './passing.ts';
import css from './toasts.module.css';

export function Toasts() {
  const toasts = useScreen(state => state.toasts);
  return (
    <section className={css.stack} aria-label="Notices" aria-live="polite">
      {toasts.map(toast => (
        <ToastView key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastView({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  const { id, undo, action, details } = toast;
  const long = undo !== undefined || action !== undefined || details !== undefined || toast.tone === 'bad';
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => screen.dismiss(id), long ? LONG_NOTICE_MS : NOTICE_MS);
    return () => clearTimeout(timer);
  }, [held, id, long]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only holds the notice while it is being read
    <div
      className={toast.tone === 'bad' ? `${css.toast} ${css.bad}` : css.toast}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <div className={css.words}>
        <p>{toast.text}</p>
        {details && (
          <ul className={css.details}>
            {details.map(line => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
      </div>
      {undo && (
        <Button
          onClick={() => {
            screen.dismiss(id);
            undo();
          }}
        >
          <Undo2 size={15} aria-hidden /> Undo
        </Button>
      )}
      {action && (
        <Button
          className={css.action}
          onClick={() => {
            screen.dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <Button look="quiet" icon aria-label="Dismiss" onClick={() => screen.dismiss(id)}>
        <X size={15} aria-hidden />
      </Button>
    </div>
  );
}
