import { type ReactNode, type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/Dialog";
import { Field, TextArea, TextInput } from "@/components/Field";
import { RouteLink } from "@/components/RouteLink";
import { useAttempt, useToast } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { navigate, toPage } from "@/lib/route";
import { MAX_DESCRIPTION, MAX_NAME } from "./NewProject";
import { type Project, useProjectList } from "./useProjectList";

const MAX_SLUG = 60;

type Props = {
  project: Project;
  /** The section of its webhooks, for an admin. */
  webhooks: (projectId: string) => ReactNode;
};

/** The name, the description, the address and the webhooks of a project, and how to archive or delete it. */
export function ProjectSettings({ project, webhooks }: Props) {
  const text = useText();
  return (
    <>
      <RouteLink to={toPage("project")} className="text-sm text-wave underline underline-offset-4">
        {project.name}
      </RouteLink>
      <h2 className="mt-1 mb-4 font-display text-xl">{text.projects.settings}</h2>
      <Form project={project} />
      {project.role === "ADMIN" && webhooks(project.id)}
      <End project={project} />
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
  const [repositories, setRepositories] = useState(project.repositories.join("\n"));
  const [saving, setSaving] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setSaving(true);
    const input = {
      id: project.id,
      name: name.trim(),
      description: description.trim() || null,
      slug: slug.trim(),
      repositories: linesOf(repositories),
    };
    const done = await attempt(async () => {
      setRepositories((await save(input)).repositories.join("\n"));
    });
    if (done) showToast({ title: text.projects.saved, tone: "success" });
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
      <Field label={text.projects.repositories} hint={text.projects.repositoriesHint}>
        <TextArea
          value={repositories}
          placeholder="github.com/acme/shop"
          spellCheck={false}
          onChange={(event) => setRepositories(event.target.value)}
          className="min-h-16 font-mono"
        />
      </Field>
      <Button look="primary" type="submit" disabled={name.trim() === "" || slug.trim() === "" || saving}>
        {text.save}
      </Button>
    </form>
  );
}

const linesOf = (value: string) =>
  value
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** Archives or deletes the project; the default one stays. */
function End({ project }: { project: Project }) {
  const text = useText();
  const attempt = useAttempt();
  const { archive, remove, isDefault } = useProjectList();
  const [asking, setAsking] = useState(false);
  const leave = () => navigate({ ...toPage("project"), project: null });
  const look = "mt-8 flex max-w-xl flex-col items-start gap-2 border-t border-line pt-5 text-sm text-soft";
  if (isDefault(project)) return <p className={look}>{text.projects.defaultStays}</p>;
  const { archived } = project;
  return (
    <>
      <section className={look}>
        <p>{archived ? text.projects.isArchived : text.projects.archiveHint}</p>
        <Button
          icon="archive"
          onClick={() =>
            void attempt(() => archive(project, !archived)).then((done) => {
              if (done && !archived) leave();
            })
          }
        >
          {archived ? text.projects.restore : text.projects.archive}
        </Button>
      </section>
      <section className={look}>
        <p>{text.projects.deleteHint}</p>
        <Button icon="trash" onClick={() => setAsking(true)}>
          {text.projects.delete}
        </Button>
        <ConfirmDialog
          open={asking}
          onOpenChange={setAsking}
          title={text.projects.deleteTitle(project.name)}
          hint={text.projects.deleteWarning}
          action={text.projects.delete}
          onConfirm={() =>
            void attempt(() => remove(project)).then((done) => {
              if (done) leave();
            })
          }
        />
      </section>
    </>
  );
}
