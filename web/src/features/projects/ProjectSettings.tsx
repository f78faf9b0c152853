import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { Field, TextArea, TextInput } from "@/components/Field";
import { RouteLink } from "@/components/RouteLink";
import { useAttempt, useToast } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { toPage } from "@/lib/route";
import { MAX_DESCRIPTION, MAX_NAME } from "./NewProject";
import { type Project, useProjectList } from "./useProjectList";

const MAX_SLUG = 60;

/** The form for the name, the description and the address of a project. */
export function ProjectSettings({ project }: { project: Project }) {
  const text = useText();
  return (
    <>
      <RouteLink to={toPage("project")} className="text-sm text-wave underline underline-offset-4">
        {project.name}
      </RouteLink>
      <h2 className="mt-1 mb-4 font-display text-xl">{text.projects.settings}</h2>
      <Form project={project} />
    </>
  );
}

function Form({ project }: { project: Project }) {
  const text = useText();
  const attempt = useAttempt();
  const showToast = useToast();
  const { save } = useProjectList();
  const [name, setName] = useState(project.name);
  const [description, setDescription] = useState(project.description ?? "");
  const [slug, setSlug] = useState(project.slug);
  const [saving, setSaving] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setSaving(true);
    const input = { id: project.id, name: name.trim(), description: description.trim() || null, slug: slug.trim() };
    if (await attempt(() => save(input))) showToast({ title: text.projects.saved, tone: "success" });
    setSaving(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="max-w-xl space-y-4">
      <Field label={text.projects.name}>
        <TextInput value={name} maxLength={MAX_NAME} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={text.projects.description} hint={text.projects.descriptionHint}>
        <TextArea
          value={description}
          maxLength={MAX_DESCRIPTION}
          onChange={(event) => setDescription(event.target.value)}
          className="min-h-16"
        />
      </Field>
      <Field label={text.projects.slug} hint={text.projects.slugHint}>
        <TextInput value={slug} maxLength={MAX_SLUG} onChange={(event) => setSlug(event.target.value)} />
      </Field>
      <Button look="primary" type="submit" disabled={name.trim() === "" || slug.trim() === "" || saving}>
        {text.save}
      </Button>
    </form>
  );
}
