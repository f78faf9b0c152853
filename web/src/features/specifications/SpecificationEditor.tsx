import { Tabs } from "radix-ui";
import { type SubmitEvent, useState } from "react";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { Diff } from "@/components/Diff";
import { Field, TextArea, TextInput } from "@/components/Field";
import { ProjectPicker } from "@/components/ProjectPicker";
import { Prose } from "@/components/Prose";
import { TabButton } from "@/components/TabButton";
import { TagsField, toTags } from "@/components/Tags";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { type Draft, useSpecificationDraft } from "./useSpecificationDraft";
import type { Specification, Specifications } from "./useSpecifications";

type EditorProps = {
  /** The specification to change; null for a new one. */
  specification: Specification | null;
  save: Specifications["save"];
  onDone: (saved: Specification | null) => void;
};

/** The editor of a specification with a preview. The draft is kept until it is saved or discarded. */
export function SpecificationEditor({ specification, save, onDone }: EditorProps) {
  const text = useText();
  const attempt = useAttempt();
  const { draft, change, discard } = useSpecificationDraft(specification);
  const [saving, setSaving] = useState(false);
  const [projectId, setProjectId] = useState<string | null>(null);
  // Another version was saved while this one was written.
  const conflict = specification !== null && specification.version !== draft.base;
  const incomplete = draft.title.trim() === "" || draft.content.trim() === "";

  const submit = async (base: number) => {
    setSaving(true);
    let saved: Specification | null = null;
    const done = await attempt(async () => {
      saved = await save({ ...toInput(specification, draft, base), ...(projectId === null ? {} : { projectId }) });
    });
    setSaving(false);
    if (!done) return;
    discard();
    onDone(saved);
  };
  return (
    <form
      className="flex w-full flex-1 flex-col gap-4 px-4 pt-4 pb-6"
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        void submit(draft.base);
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={text.specifications.name}>
          <TextInput
            autoFocus
            value={draft.title}
            maxLength={200}
            onChange={(event) => change({ title: event.target.value })}
          />
        </Field>
        <TagsField value={draft.tags} onChange={(tags) => change({ tags })} />
      </div>
      {specification === null && <ProjectPicker value={projectId} onChange={setProjectId} />}
      {conflict && (
        <Conflict
          theirs={specification}
          mine={draft}
          onKeepMine={() => void submit(specification.version)}
          onTakeTheirs={() => {
            discard();
            onDone(specification);
          }}
        />
      )}
      <Content content={draft.content} onChange={(content) => change({ content })} />
      <div className="flex justify-end gap-2">
        <Button
          onClick={() => {
            discard();
            onDone(null);
          }}
        >
          {text.cancel}
        </Button>
        <Button look="primary" type="submit" disabled={incomplete || conflict || saving}>
          {text.save}
        </Button>
      </div>
    </form>
  );
}

function Content({ content, onChange }: { content: string; onChange: (content: string) => void }) {
  const text = useText();
  const [tab, setTab] = useState("write");
  const field = (
    <TextArea
      aria-label={text.specifications.content}
      value={content}
      onChange={(event) => onChange(event.target.value)}
      placeholder={text.specifications.contentHint}
      className="min-h-72 flex-1 font-mono leading-relaxed"
    />
  );
  return (
    <Tabs.Root value={tab} onValueChange={setTab} className="flex min-h-72 flex-1 flex-col gap-2">
      <Tabs.List
        aria-label={text.specifications.content}
        className="inline-flex self-start rounded-lg bg-hover p-0.5 text-sm xl:hidden"
      >
        <TabButton value="write">{text.specifications.write}</TabButton>
        <TabButton value="preview">{text.specifications.preview}</TabButton>
      </Tabs.List>
      <div className="grid flex-1 gap-6 xl:grid-cols-2">
        <Tabs.Content value="write" forceMount className={`flex-col ${tab === "write" ? "flex" : "hidden"} xl:flex`}>
          {field}
        </Tabs.Content>
        <Tabs.Content
          value="preview"
          forceMount
          className={`min-w-0 ${tab === "preview" ? "block" : "hidden"} xl:block`}
        >
          <Prose text={content} unfinished />
        </Tabs.Content>
      </div>
    </Tabs.Root>
  );
}

type ConflictProps = { theirs: Specification; mine: Draft; onKeepMine: () => void; onTakeTheirs: () => void };

function Conflict({ theirs, mine, onKeepMine, onTakeTheirs }: ConflictProps) {
  const text = useText();
  return (
    <Banner role="alert" title={text.specifications.conflict(theirs.version)}>
      <p className="mt-1 mb-3 text-soft">{text.specifications.conflictHint}</p>
      <div className="max-h-72 overflow-y-auto rounded-lg bg-paper p-2">
        <Diff before={theirs.content} after={mine.content} />
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button look="primary" onClick={onKeepMine}>
          {text.specifications.keepMine}
        </Button>
        <Button onClick={onTakeTheirs}>{text.specifications.takeTheirs}</Button>
      </div>
    </Banner>
  );
}

function toInput(specification: Specification | null, draft: Draft, base: number) {
  const written = { title: draft.title.trim(), content: draft.content, tags: toTags(draft.tags) };
  if (specification === null) return written;
  // A changed text is a draft again: the approval applied to the previous text.
  const status = specification.content === draft.content ? specification.status : ("DRAFT" as const);
  return { ...written, id: specification.id, status, expectedVersion: base };
}
