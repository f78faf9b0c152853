import { Icon } from "@/components/Icon";
import { useText } from "@/lib/language";

/** Takes the place of the message field for a reader of the project. */
export function ReadOnlyField({ project }: { project: { name: string } }) {
  const { members: text } = useText();
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
      <p className="flex items-center gap-3 rounded-2xl border border-line bg-shelf px-4 py-3 text-sm wrap-anywhere text-soft">
        <Icon name="info" className="size-4.5" />
        {text.readOnly(project.name)}
      </p>
    </div>
  );
}
