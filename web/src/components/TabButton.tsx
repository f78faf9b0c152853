import { Tabs } from "radix-ui";
import type { ReactNode } from "react";

type TabProps = { value: string; disabled?: boolean; children: ReactNode };

export function TabButton({ value, disabled = false, children }: TabProps) {
  return (
    <Tabs.Trigger
      value={value}
      disabled={disabled}
      className="flex min-h-8 items-center gap-1.5 rounded-md px-3 font-medium whitespace-nowrap text-soft disabled:opacity-50 data-[state=active]:bg-raised data-[state=active]:text-ink data-[state=active]:shadow-sm data-[state=active]:ring-1 data-[state=active]:ring-[color:light-dark(transparent,var(--color-edge))]"
    >
      {children}
    </Tabs.Trigger>
  );
}
