import type { ComponentProps } from "react";
import { Icon, type IconName } from "@/components/Icon";

type Look = "primary" | "quiet" | "outline" | "danger";

const looks: Record<Look, string> = {
  primary: "bg-wave text-on-wave hover:brightness-110",
  quiet: "text-soft hover:bg-hover hover:text-ink",
  outline: "border border-line text-ink hover:bg-hover",
  danger: "bg-rust text-paper hover:brightness-110",
};

type ButtonProps = ComponentProps<"button"> & { look?: Look; icon?: IconName };

export function Button({ look = "outline", icon, className = "", children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`inline-flex min-h-9 items-center justify-center gap-2 rounded-lg px-3.5 py-1.5 text-sm font-medium transition-colors disabled:opacity-45 ${looks[look]} ${className}`}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ComponentProps<"button">, "children"> & { icon: IconName; label: string; small?: boolean };

/** A button with an icon only; `label` is its accessible name and its tooltip. */
export function IconButton({ icon, label, small = false, className = "", ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`relative inline-flex shrink-0 items-center justify-center rounded-lg text-soft transition-colors hover:bg-hover hover:text-ink disabled:opacity-40 aria-disabled:opacity-40 ${small ? "size-8 pointer-coarse:size-10" : "size-10"} ${className}`}
      {...rest}
    >
      <Icon name={icon} className={small ? "size-4" : "size-5"} />
    </button>
  );
}
