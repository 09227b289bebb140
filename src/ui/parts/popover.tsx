import { Popover as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import css from './popover.module.css';

interface Props {
  trigger: ReactElement;
  label: string;
  children: ReactNode;
}

/** A button that opens a small pane of facts. */
export function Popover({ trigger, label, children }: Props) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Content className={css.pane} align="end" sideOffset={6} collisionPadding={8} aria-label={label}>
        {children}
      </Radix.Content>
    </Radix.Root>
  );
}
