import { useEffect, useState } from "react";
import { Diff } from "@/components/Diff";
import { RouteLink } from "@/components/RouteLink";
import { useFailureText } from "@/components/useFailureText";
import { useText } from "@/lib/language";
import { toFailure, useRequest } from "@/lib/request";
import { toPage } from "@/lib/route";
import { Part } from "./Part";
import { RevisionsOfResult } from "./documents";

type Written = { specificationId: string; specificationVersion: number };
type Texts = { before: string; after: string };

/** What an intent changed in a specification, and a link to it; nothing when its result is no specification. */
export function SpecificationChange({ result }: { result: unknown }) {
  const text = useText();
  const written = writtenIn(result);
  if (!written) return null;
  const { specificationId, specificationVersion } = written;
  return (
    <Part name={text.intents.specification}>
      <RouteLink to={toPage("specifications", specificationId)} className="text-wave underline underline-offset-4">
        {text.intents.openSpecification(specificationVersion)}
      </RouteLink>
      {specificationVersion > 1 && <Changes id={specificationId} version={specificationVersion} />}
    </Part>
  );
}

function Changes({ id, version }: { id: string; version: number }) {
  const request = useRequest();
  const reason = useFailureText();
  const [texts, setTexts] = useState<Texts | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    request(RevisionsOfResult, { id }).then(
      ({ specification }) => {
        const content = (number: number) =>
          specification?.revisions.find((revision) => revision.version === number)?.content;
        const [before, after] = [content(version - 1), content(version)];
        if (current && before !== undefined && after !== undefined) setTexts({ before, after });
      },
      (error: unknown) => current && setProblem(reason(toFailure(error))),
    );
    return () => {
      current = false;
    };
  }, [request, reason, id, version]);
  return (
    <div className="mt-2 max-h-96 overflow-y-auto">
      {problem}
      {texts && <Diff before={texts.before} after={texts.after} />}
    </div>
  );
}

export function writtenIn(result: unknown): Written | null {
  const { specificationId, specificationVersion } = (result ?? {}) as Partial<Written>;
  return typeof specificationId === "string" && typeof specificationVersion === "number"
    ? { specificationId, specificationVersion }
    : null;
}
