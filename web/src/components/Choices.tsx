import { ToggleGroup } from "radix-ui";

type ChoicesProps<T extends string> = {
  label: string;
  value: T;
  choices: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
};

/** A row of options, of which one is selected. */
export function Choices<T extends string>({ label, value, choices, onChange }: ChoicesProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        // Radix sends an empty value when the selected option is clicked again.
        if (next !== "") onChange(next as T);
      }}
      className="flex max-w-full flex-wrap rounded-lg bg-hover p-0.5 text-sm"
    >
      {choices.map(([choice, name]) => (
        <ToggleGroup.Item
          key={choice}
          value={choice}
          className="min-h-8 rounded-md px-3 font-medium text-soft data-[state=on]:bg-raised data-[state=on]:text-ink data-[state=on]:shadow-sm data-[state=on]:ring-1 data-[state=on]:ring-[color:light-dark(transparent,var(--color-edge))]"
        >
          {name}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
