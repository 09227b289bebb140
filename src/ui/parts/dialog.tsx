import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import css from './dialog.module.css';

interface Props {
  title: string;
  /** One sentence below the title, read out with it. */
  description?: ReactNode;
  onClose: () => void;
  /** Without a way out but the dialog's own buttons. */
  insistent?: boolean;
  width?: 'narrow' | 'wide' | 'broad';
  children: ReactNode;
}

/**
 * A modal dialog. The veil is a plain element: Radix's Overlay locks scrolling by a style element,
 * which the page's policy forbids, and the page itself never scrolls.
 */
export function Dialog({
  title,
  description,
  onClose,
  insistent = false,
  width = 'narrow',
  children,
}: Props) {
  const [opener] = useState(openerOf);
  const stay = insistent ? (event: Event) => event.preventDefault() : undefined;
  return (
    <Radix.Root open onOpenChange={open => !open && onClose()}>
      <Radix.Portal>
        <div className={css.veil} data-modal>
          <Radix.Content
            className={width === 'narrow' ? css.content : `${css.content} ${css[width]}`}
            onEscapeKeyDown={stay}
            onPointerDownOutside={stay}
            onCloseAutoFocus={event => {
              event.preventDefault();
              opener?.focus();
            }}
            {...(description ? {} : { 'aria-describedby': undefined })}
          >
            <header className={css.head}>
              <Radix.Title className={css.title}>{title}</Radix.Title>
              {!insistent && (
                <Radix.Close asChild>
                  <Button look="quiet" icon aria-label="Close">
                    <X size={16} aria-hidden />
                  </Button>
                </Radix.Close>
              )}
            </header>
            {description && <Radix.Description className={css.description}>{description}</Radix.Description>}
            {children}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

let lastOpener: HTMLElement | undefined;

/** What has the focus when a dialog opens and gets it back; for a dialog opened from another one, that one's opener. */
function openerOf(): HTMLElement | undefined {
  const { activeElement } = document;
  if (activeElement instanceof HTMLElement && !activeElement.closest('[role=dialog]'))
    lastOpener = activeElement;
  return lastOpener;
}

/** The row of buttons that ends a dialog. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={css.actions}>{children}</div>;
}
