import { Fragment, type ReactNode, useEffect, useRef } from "react";
import { LoadFailed, Loading, EmptyState } from "@/components/Notice";
import { Button } from "@/components/Button";
import { useProjectList } from "@/features/projects/useProjectList";
import { useText } from "@/lib/language";
import { navigate, toConversation } from "@/lib/route";

/**
 * Mounts the pages anew when another project is chosen, so that no list mixes the rows of two projects, and
 * when a project was taken from the reader, so that no list keeps its rows.
 */
export function ProjectScope({ children }: { children: ReactNode }) {
  const { projects: text } = useText();
  const { current, unknown, failure, reload, losses } = useProjectList();
  const slug = current?.slug ?? "";
  const before = useRef(slug);
  useEffect(() => {
    if (current === undefined || before.current === slug) return;
    before.current = slug;
    // What had the focus was in the project before.
    if (document.activeElement === document.body) document.getElementById("content")?.focus();
  }, [current, slug]);
  if (unknown) return <UnknownProject />;
  if (current === undefined)
    return failure ? <LoadFailed title={text.failed} failure={failure} onRetry={reload} /> : <Loading />;
  return (
    <>
      <p role="status" className="sr-only">
        {current && text.current(current.name)}
      </p>
      <Fragment key={`${slug} ${losses}`}>{children}</Fragment>
    </>
  );
}

/** Shown for an address of a project that does not exist, or that the viewer cannot see. */
function UnknownProject() {
  const text = useText();
  useEffect(() => {
    document.title = `${text.projects.unknown} · ${text.product}`;
  }, [text]);
  return (
    <main id="content" tabIndex={-1} className="flex h-full flex-col items-center justify-center pb-10 outline-none">
      <h1 className="sr-only">{text.projects.unknown}</h1>
      <EmptyState icon="folder" title={text.projects.unknown} hint={text.projects.unknownHint} />
      <Button look="primary" onClick={() => navigate({ ...toConversation(null), project: null })}>
        {text.projects.all}
      </Button>
    </main>
  );
}
