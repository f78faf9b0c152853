import type { ReactNode } from "react";
import { Icon, type IconName } from "@/components/Icon";

type Tone = "warning" | "error";

const tones: Record<Tone, { background: string; icon: string }> = {
  warning: { background: "bg-ember-wash", icon: "text-ember" },
  error: { background: "bg-rust-wash", icon: "text-rust" },
};

type BannerProps = {
  tone?: Tone;
  icon?: IconName;
  /** "bar" spans the page in one centred line; "card" is a rounded box. */
  shape?: "bar" | "card";
  /** "alert" is announced by screen readers at once, "status" when they are idle. */
  role?: "alert" | "status";
  title?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children?: ReactNode;
};

/** A coloured notice with an icon: a title, details and actions. */
export function Banner({
  tone = "warning",
  icon = "alert",
  shape = "card",
  role,
  className = "",
  ...rest
}: BannerProps) {
  const { title, actions, children } = rest;
  const bar = shape === "bar";
  const layout = bar
    ? "animate-fade items-center justify-center px-4 py-1.5 text-center"
    : "flex-wrap items-start rounded-xl px-4 py-3";
  return (
    <div role={role} className={`flex gap-x-3 gap-y-2 text-sm ${layout} ${tones[tone].background} ${className}`}>
      <Icon name={icon} className={`size-[1.15rem] ${bar ? "" : "mt-0.5"} ${tones[tone].icon}`} />
      <div className={`wrap-anywhere ${bar ? "min-w-0" : "min-w-40 flex-1"}`}>
        {title !== undefined && <p className="font-medium">{title}</p>}
        {children}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}
