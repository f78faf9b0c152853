import { Field, TextInput } from "@/components/Field";
import { Badge } from "@/components/Notice";
import { useText } from "@/lib/language";

export function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1">
      {tags.map((tag) => (
        <li key={tag}>
          <Badge>{tag}</Badge>
        </li>
      ))}
    </ul>
  );
}

type FieldProps = { value: string; onChange: (value: string) => void };

/** A field for tags, separated by commas. */
export function TagsField({ value, onChange }: FieldProps) {
  const text = useText();
  return (
    <Field label={text.tags} hint={text.tagsHint}>
      <TextInput value={value} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}

/** The distinct tags between commas, Western or Japanese. */
export function toTags(typed: string): string[] {
  return [
    ...new Set(
      typed
        .split(/[,、，]/)
        .map((tag) => tag.trim())
        .filter(Boolean),
    ),
  ];
}
