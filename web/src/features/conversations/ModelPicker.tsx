import { Menu, MenuChoice } from "@/components/Menu";
import { Icon } from "@/components/Icon";
import { useText } from "@/lib/language";

type PickerProps = {
  /** The models that can answer, the default one first. */
  models: readonly string[];
  chosen: string | null;
  onChoose: (model: string | null) => void;
};

/** Chooses the model that answers in a conversation; nothing when there is no choice. */
export function ModelPicker({ models, chosen, onChoose }: PickerProps) {
  const text = useText();
  const [first] = models;
  if (first === undefined || models.length < 2) return null;
  const current = chosen !== null && models.includes(chosen) ? chosen : first;
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          aria-label={text.chat.modelIs(current)}
          className="flex min-h-8 max-w-48 items-center gap-1 rounded-lg px-2 hover:bg-hover hover:text-ink"
        >
          <span className="truncate">{current}</span>
          <Icon name="chevron" className="size-3.5 shrink-0 rotate-180" />
        </button>
      }
    >
      <MenuChoice
        closes
        label={text.chat.model}
        value={current}
        choices={models.map((model) => [model, model] as const)}
        onChange={(model) => onChoose(model === first ? null : model)}
      />
    </Menu>
  );
}
