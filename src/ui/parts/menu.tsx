import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import { type ReactElement, type ReactNode, useRef } from 'react';
import css from './menu.module.css';

export interface MenuChoice {
  label: string;
  icon?: ReactNode;
  run: () => void;
  /** Present on items of which one is chosen. */
  checked?: boolean;
}

interface Props {
  /** A button with a name. */
  trigger: ReactElement;
  /** Groups, with a line between them. */
  groups: { label?: string; choices: MenuChoice[] }[];
  align?: 'start' | 'end';
}

/** A menu button. A choice runs when the menu is gone and its button has the focus again, so that a dialog gives it back there. */
export function Menu({ trigger, groups, align = 'end' }: Props) {
  const chosen = useRef<(() => void) | undefined>(undefined);
  const filled = groups.filter(group => group.choices.length > 0);
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Content
        className={css.menu}
        align={align}
        sideOffset={4}
        collisionPadding={8}
        onCloseAutoFocus={() => {
          const run = chosen.current;
          chosen.current = undefined;
          if (run) setTimeout(run, 0);
        }}
      >
        {filled.map((group, index) => (
          <Radix.Group key={group.label ?? group.choices[0]?.label} aria-label={group.label}>
            {index > 0 && <Radix.Separator className={css.line} />}
            {group.label && <Radix.Label className={css.label}>{group.label}</Radix.Label>}
            {group.choices.map(choice => (
              <Choice key={choice.label} choice={choice} onChoose={run => (chosen.current = run)} />
            ))}
          </Radix.Group>
        ))}
      </Radix.Content>
    </Radix.Root>
  );
}

function Choice({ choice, onChoose }: { choice: MenuChoice; onChoose: (run: () => void) => void }) {
  const { label, icon, run, checked } = choice;
  if (checked === undefined) {
    return (
      <Radix.Item className={css.item} onSelect={() => onChoose(run)}>
        <span className={css.mark}>{icon}</span>
        {label}
      </Radix.Item>
    );
  }
  return (
    <Radix.CheckboxItem className={css.item} checked={checked} onSelect={() => onChoose(run)}>
      <span className={css.mark}>{checked ? <Check size={15} aria-hidden /> : icon}</span>
      {label}
    </Radix.CheckboxItem>
  );
}
