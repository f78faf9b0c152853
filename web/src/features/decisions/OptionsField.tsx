import { Button, IconButton } from "@/components/Button";
import { TextInput } from "@/components/Field";
import { useText } from "@/lib/language";
import type { DraftOption } from "./draft";

type OptionsProps = {
  options: readonly DraftOption[];
  chosen: number | null;
  onChange: (options: readonly DraftOption[], chosen: number | null) => void;
};

/** The options of a choice: which one is chosen, and why the others are not. */
export function OptionsField({ options, chosen, onChange }: OptionsProps) {
  const text = useText();
  const change = (place: number, changed: Partial<DraftOption>) =>
    onChange(
      options.map((option, each) => (each === place ? { ...option, ...changed } : option)),
      chosen,
    );
  const remove = (place: number) => {
    const moved = chosen !== null && chosen > place ? chosen - 1 : chosen;
    onChange(
      options.filter((_, each) => each !== place),
      chosen === place ? null : moved,
    );
  };
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1 text-sm font-medium text-soft">{text.decisions.options}</legend>
      <p className="text-xs text-faint">{text.decisions.optionsHint}</p>
      {options.map((option, place) => (
        <div key={place} className="flex items-start gap-2">
          <input
            type="radio"
            name="chosen-option"
            aria-label={text.decisions.chooseOption(option.label || String(place + 1))}
            checked={chosen === place}
            onChange={() => onChange(options, place)}
            className="mt-2.5 size-4 accent-wave"
          />
          <div className="grid min-w-0 flex-1 gap-2 sm:grid-cols-2">
            <TextInput
              aria-label={text.decisions.option(place + 1)}
              placeholder={text.decisions.option(place + 1)}
              value={option.label}
              maxLength={500}
              onChange={(event) => change(place, { label: event.target.value })}
            />
            {chosen !== place && (
              <TextInput
                aria-label={text.decisions.whyNot(option.label || String(place + 1))}
                placeholder={text.decisions.whyNotShort}
                value={option.reason}
                maxLength={2000}
                onChange={(event) => change(place, { reason: event.target.value })}
              />
            )}
          </div>
          <IconButton
            icon="close"
            label={text.decisions.removeOption(option.label || String(place + 1))}
            onClick={() => remove(place)}
          />
        </div>
      ))}
      {options.length < 20 && (
        <Button icon="plus" onClick={() => onChange([...options, { label: "", reason: "" }], chosen)}>
          {text.decisions.addOption}
        </Button>
      )}
    </fieldset>
  );
}
