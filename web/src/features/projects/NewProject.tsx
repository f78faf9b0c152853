import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { FormDialog } from "@/components/Dialog";
import { Field, TextArea, TextInput } from "@/components/Field";
import { useAttempt, useToast } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { navigate, toPage } from "@/lib/route";
import { useProjectList } from "./useProjectList";

export const MAX_NAME = 200;
export const MAX_DESCRIPTION = 2_000;

type DialogProps = { open: boolean; onOpenChange: (open: boolean) => void };

/** The form for a new project; it opens the project that it created. */
export function NewProject({ open, onOpenChange }: DialogProps) {
  const { projects: text } = useText();
  return (
    <FormDialog open={open} onOpenChange={onOpenChange} title={text.new}>
      <Form onClose={() => onOpenChange(false)} />
    </FormDialog>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const text = useText();
  const attempt = useAttempt();
  const showToast = useToast();
  const { save } = useProjectList();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [saving, setSaving] = useState(false);
  const create = async () => {
    const project = await save({ name: name.trim(), description: description.trim() || null });
    onClose();
    navigate({ ...toPage("project"), project: project.slug });
    showToast({ title: text.projects.created(project.name), tone: "success" });
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setSaving(true);
    if (!(await attempt(create))) setSaving(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      <p className="text-sm text-soft">{text.projects.newHint}</p>
      <Field label={text.projects.name}>
        <TextInput autoFocus value={name} maxLength={MAX_NAME} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={text.projects.description} hint={text.projects.descriptionHint}>
        <TextArea
          value={description}
          maxLength={MAX_DESCRIPTION}
          onChange={(event) => setDescription(event.target.value)}
          className="min-h-16"
        />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{text.cancel}</Button>
        <Button look="primary" type="submit" disabled={name.trim() === "" || saving}>
          {text.projects.create}
        </Button>
      </div>
    </form>
  );
}
