import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { FormDialog } from "@/components/Dialog";
import { Field, TextArea } from "@/components/Field";
import { ProjectPicker } from "@/components/ProjectPicker";
import { TagsField, toTags } from "@/components/Tags";
import { useAttempt } from "@/components/Toasts";
import { useLanguage, useText } from "@/lib/language";
import { useHasProjects } from "@/lib/projects";
import type { Memories, Memory } from "./useMemories";

type FormProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  save: Memories["save"];
  /** The memory to change; without it, the form creates one. */
  memory?: Memory;
  onClosed?: () => void;
};

export function MemoryForm(props: FormProps) {
  const text = useText();
  return (
    <FormDialog
      open={props.open}
      onOpenChange={props.onOpenChange}
      title={props.memory ? text.memory.editTitle : text.memory.new}
      onClosed={props.onClosed}
    >
      <Fields {...props} />
    </FormDialog>
  );
}

const USUAL = 0.5;

function Fields({ onOpenChange, save, memory }: FormProps) {
  const { language, text } = useLanguage();
  const attempt = useAttempt();
  const [content, setContent] = useState(memory?.content ?? "");
  const [importance, setImportance] = useState(memory?.importance ?? USUAL);
  const [aboutMe, setAboutMe] = useState(memory ? memory.project == null : false);
  const [projectId, setProjectId] = useState<string | null>(null);
  const hasProjects = useHasProjects();
  const [touched, setTouched] = useState(false);
  const [tags, setTags] = useState(memory?.tags.join(", ") ?? "");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const input = {
      id: memory?.id ?? null,
      content: content.trim(),
      kind: memory?.kind ?? "LONGTERM",
      // An unchanged importance keeps decaying.
      importance: touched ? importance : null,
      tags: toTags(tags),
      expiresAt: memory?.expiresAt ?? null,
      ...placeOf(memory, aboutMe, projectId),
    };
    if (await attempt(() => save(input))) onOpenChange(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      <Field label={text.memory.content}>
        <TextArea
          autoFocus
          value={content}
          onChange={(event) => setContent(event.target.value)}
          className="max-h-72 min-h-24"
        />
      </Field>
      <Field
        label={`${text.memory.importance}: ${new Intl.NumberFormat(language, { style: "percent" }).format(importance)}`}
        hint={text.memory.importanceHint}
      >
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={importance}
          onChange={(event) => {
            setTouched(true);
            setImportance(event.target.valueAsNumber);
          }}
          className="w-full accent-wave"
        />
      </Field>
      {hasProjects && (
        <div className="flex flex-wrap items-center gap-x-3">
          <label className="flex min-h-9 items-center gap-2.5 text-sm">
            <input
              type="checkbox"
              checked={aboutMe}
              onChange={(event) => setAboutMe(event.target.checked)}
              className="size-4 accent-wave"
            />
            {text.projects.aboutMe}
          </label>
          {!memory && !aboutMe && <ProjectPicker value={projectId} onChange={setProjectId} />}
        </div>
      )}
      <TagsField value={tags} onChange={setTags} />
      <div className="flex justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={content.trim() === ""}>
          {text.save}
        </Button>
      </div>
    </form>
  );
}

/** Where it belongs: what does not change is not sent. */
function placeOf(memory: Memory | undefined, aboutMe: boolean, projectId: string | null) {
  if (memory) return aboutMe === (memory.project == null) ? { profile: null } : { profile: aboutMe };
  if (aboutMe) return { profile: true };
  return projectId === null ? {} : { projectId };
}
