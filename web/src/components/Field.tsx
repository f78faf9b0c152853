import type { ComponentProps, ReactNode } from "react";

export const fieldLook =
  "bg-paper border-edge w-full rounded-lg border px-3 py-2 text-sm placeholder:text-faint focus-visible:outline-offset-0";

/** A labelled control. */
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
