import { DropdownMenu } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Icon, type IconName } from "@/components/Icon";
import { useEscape } from "@/components/useEscape";

type MenuProps = {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom";
};

const surface =
  "z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 animate-rise overflow-y-auto rounded-xl border border-line bg-raised p-1.5 shadow-lg";

export function Menu({ trigger, children, align = "end", side = "bottom" }: MenuProps) {
  const [open, setOpen] = useState(false);
  useEscape(open, () => setOpen(false));
  return (
    <DropdownMenu.Root open={open} onOpenChange={setOpen}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} side={side} sideOffset={6} collisionPadding={8} className={surface}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

type SurfaceProps = { label: string; onClosed: () => void; children: ReactNode };

/** The content of a menu that is opened from code; `onClosed` returns the focus. */
export function MenuSurface({ label, onClosed, children }: SurfaceProps) {
  return (
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        align="end"
        aria-label={label}
        aria-labelledby={undefined}
        sideOffset={6}
        collisionPadding={8}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onClosed();
        }}
        className={surface}
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  );
}

const row =
  "flex min-h-9 w-full items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm outline-none select-none data-highlighted:bg-hover";

type ItemProps = {
  icon: IconName;
  onSelect: () => void;
  danger?: boolean;
  /** The item opens something else in place of the menu, which gets the focus. */
  keepsOpen?: boolean;
  children: ReactNode;
};

export function MenuItem({ icon, onSelect, danger = false, keepsOpen = false, children }: ItemProps) {
  const select = (event: Event) => {
    if (keepsOpen) event.preventDefault();
    onSelect();
  };
  return (
    <DropdownMenu.Item className={`${row} ${danger ? "text-rust" : ""}`} onSelect={select}>
      <Icon name={icon} />
      {children}
    </DropdownMenu.Item>
  );
}

export function MenuLink({ icon, href, children }: { icon: IconName; href: string; children: ReactNode }) {
  return (
    <DropdownMenu.Item asChild>
      <a className={row} href={href} target="_blank" rel="noreferrer">
        <Icon name={icon} />
        {children}
      </a>
    </DropdownMenu.Item>
  );
}

/** An item that opens a menu next to it. */
export function SubMenu({ icon, name, children }: { icon: IconName; name: string; children: ReactNode }) {
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className={`${row} data-[state=open]:bg-hover`}>
        <Icon name={icon} />
        {name}
        <Icon name="later" className="ml-auto size-3.5 text-faint" />
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent sideOffset={4} collisionPadding={8} className={surface}>
          {children}
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="my-1.5 h-px bg-line" />;
}

type CheckProps = { checked: boolean; onChange: (checked: boolean) => void; children: ReactNode };

/** An item of a menu that is on or off; the menu stays open. */
export function MenuCheck({ checked, onChange, children }: CheckProps) {
  return (
    <DropdownMenu.CheckboxItem
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
      className={`${row} pl-9 data-[state=checked]:pl-2.5`}
    >
      <DropdownMenu.ItemIndicator>
        <Icon name="check" />
      </DropdownMenu.ItemIndicator>
      {children}
    </DropdownMenu.CheckboxItem>
  );
}

type ChoiceProps<T extends string> = {
  label: string;
  value: T;
  choices: readonly (readonly [T, string])[];
  closes?: boolean;
  onChange: (value: T) => void;
};

/** Radio items of a menu; it stays open, so the effect is visible, unless a choice `closes` it. */
export function MenuChoice<T extends string>({ label, value, choices, closes = false, onChange }: ChoiceProps<T>) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
      <DropdownMenu.Label className="px-2.5 pt-1.5 pb-1 text-xs text-faint">{label}</DropdownMenu.Label>
      {choices.map(([choice, name]) => (
        <DropdownMenu.RadioItem
          key={choice}
          value={choice}
          className={`${row} pl-9 data-[state=checked]:pl-2.5`}
          onSelect={(event) => closes || event.preventDefault()}
        >
          <DropdownMenu.ItemIndicator>
            <Icon name="check" />
          </DropdownMenu.ItemIndicator>
          {name}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
