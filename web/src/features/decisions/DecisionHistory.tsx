import { useEffect, useState } from "react";
import { Icon } from "@/components/Icon";
import { LoadFailed } from "@/components/Notice";
import { RouteLink } from "@/components/RouteLink";
import { TimeAgo } from "@/components/TimeAgo";
import { kindIcons } from "@/components/kindIcons";
import type { DecisionDetailsQuery } from "@/gql/graphql";
import { agentOf } from "@/lib/agents";
import { useLanguage } from "@/lib/language";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { subjectOf } from "@/lib/subject";
import { DecisionDetails } from "./documents";
import { Part } from "./DecisionView";

type Details = NonNullable<DecisionDetailsQuery["decision"]>;

/** Where a decision came from, and its changes, newest first. A new `version` reads them again. */
export function DecisionHistory({ id, version }: { id: string; version: number }) {
  const { text } = useLanguage();
  const request = useRequest();
  const [details, setDetails] = useState<Details | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let current = true;
    request(DecisionDetails, { id }).then(
      ({ decision }) => {
        if (!current) return;
        setDetails(decision ?? null);
        setFailure(null);
      },
      (error: unknown) => current && setFailure(toFailure(error)),
    );
    return () => {
      current = false;
    };
  }, [request, id, version, times]);
  if (failure) {
    return <LoadFailed title={text.decisions.failed} failure={failure} onRetry={() => setTimes((now) => now + 1)} />;
  }
  if (!details) return null;
  return (
    <>
      <Sources sources={details.sources} />
      <Part name={text.decisions.history}>
        <ol className="space-y-2">
          {details.history.toReversed().map((change, index) => (
            <Change key={details.history.length - index} change={change} />
          ))}
        </ol>
      </Part>
    </>
  );
}

function Sources({ sources }: { sources: Details["sources"] }) {
  const { text, translate } = useLanguage();
  const subjects = sources.flatMap((node) => subjectOf(node, translate) ?? []);
  if (subjects.length === 0) return null;
  return (
    <Part name={text.decisions.sources}>
      <ul className="space-y-1">
        {subjects.map((subject) => (
          <li key={subject.id}>
            <RouteLink to={subject.route} className="flex max-w-full items-center gap-1.5 text-wave">
              <Icon name={kindIcons[subject.kind]} className="size-4" />
              <span className="truncate underline underline-offset-2">{subject.name}</span>
            </RouteLink>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Change({ change }: { change: Details["history"][number] }) {
  const { text, translate } = useLanguage();
  const { at, actor, fromStatus, toStatus, reason, key, params } = change;
  return (
    <li className="border-l-2 border-line pl-3">
      <p className="flex flex-wrap gap-x-2">
        {fromStatus !== toStatus && <span className="font-medium">{text.decisions.statuses[toStatus]}</span>}
        {fromStatus === toStatus && <span className="font-medium">{text.decisions.edited}</span>}
        <TimeAgo at={at} className="text-faint" />
        <span className="text-faint">
          {agentOf(actor) ?? text.decisions.actor[actor.endsWith("-bridge") ? "worker" : "person"]}
        </span>
      </p>
      {reason && fromStatus !== toStatus && (
        <p className="wrap-anywhere text-soft">{translate({ text: reason, key, params })}</p>
      )}
    </li>
  );
}
