import type { ComponentProps, ReactNode } from "react";

export const fieldLook =
  "bg-paper border-edge w-full rounded-lg border px-3 py-2 text-sm placeholder:text-faint focus-visible:outline-offset-0";

/** A form control with a label. */
export function Field({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <label className="block">
      <span className="mb-1 block text-sm font-medium text-soft">{label}</span>
      {children}
      {hint && <span className="mt-1 block text-xs text-faint">{hint}</span>}
    </label>
  );
}

export function TextInput(props: ComponentProps<"input">) {
  return <input className={fieldLook} {...props} />;
}

export function TextArea({ className = "", ...rest }: ComponentProps<"textarea">) {
  return <textarea className={`${fieldLook} field-sizing-content resize-none ${className}`} {...rest} />;
}

type SelectProps = { label: string; value: string; onChange: (value: string) => void; children: ReactNode };

/** A select box of a toolbar; the label is for screen readers only. */
export function SelectInput({ label, value, onChange, children }: SelectProps) {
  return (
    <select
      aria-label={label}
      title={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className="min-h-9 max-w-44 rounded-lg border border-transparent bg-hover px-2 text-sm text-ink focus-visible:outline-offset-0"
    >
      {children}
    </select>
  );
}
