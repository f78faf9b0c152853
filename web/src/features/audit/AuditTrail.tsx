import { useState } from "react";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { Icon, type IconName } from "@/components/Icon";
import { LoadFailed, Loading } from "@/components/Notice";
import { TimeAgo } from "@/components/TimeAgo";
import type { AuditTrailQuery, SecurityEventKind } from "@/gql/graphql";
import { Collection, newestFirst } from "@/lib/collection";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import { AuditTrail as ReadTrail } from "./documents";

type Entry = AuditTrailQuery["securityEvents"]["edges"][number]["node"];

const REFUSED: SecurityEventKind[] = ["SIGN_IN_FAILED", "SIGN_IN_BLOCKED"];
const looks: Partial<Record<SecurityEventKind, readonly [IconName, string]>> = {
  SIGN_IN_FAILED: ["alert", "text-ember"],
  SIGN_IN_BLOCKED: ["alert", "text-rust"],
  USER_DISABLED: ["stop", "text-rust"],
};

/** The log of sign-ins and account changes, newest first, for an owner. */
export function AuditTrail() {
  const { audit: text } = useText();
  const [shown, setShown] = useState<"all" | "refused">("all");
  return (
    <section className="py-5" aria-labelledby="audit-trail">
      <div className="mb-3 flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
        <div className="max-w-md min-w-0">
          <h2 id="audit-trail" className="font-medium">
            {text.title}
          </h2>
          <p className="text-sm text-soft">{text.hint}</p>
        </div>
        <Choices
          label={text.filter}
          value={shown}
          onChange={setShown}
          choices={[
            ["all", text.all],
            ["refused", text.refused],
          ]}
        />
      </div>
      <Entries key={shown} kinds={shown === "refused" ? REFUSED : null} />
    </section>
  );
}

function Entries({ kinds }: { kinds: SecurityEventKind[] | null }) {
  const text = useText();
  const request = useRequest();
  const [collection] = useState(() => new Collection<Entry>(newestFirst));
  const list = useLiveCollection({
    collection,
    readPage: async (after) => pageOf((await request(ReadTrail, { kinds, after })).securityEvents),
  });
  const entries = list.rows;
  if (list.failure && entries.length === 0) {
    return <LoadFailed title={text.audit.failed} failure={list.failure} onRetry={list.reload} />;
  }
  if (list.loading) return <Loading />;
  if (entries.length === 0) return <p className="text-sm text-soft">{text.audit.empty}</p>;
  return (
    <>
      <ul className="divide-y divide-line text-sm">
        {entries.map((entry) => (
          <Row key={entry.id} entry={entry} />
        ))}
      </ul>
      {list.hasMore && (
        <Button look="quiet" className="mt-2 w-full" onClick={list.loadMore}>
          {text.loadMore}
        </Button>
      )}
    </>
  );
}

function Row({ entry }: { entry: Entry }) {
  const { audit: text } = useText();
  const [icon, tone] = looks[entry.kind] ?? ["info", "text-faint"];
  const account = entry.userName ?? entry.userId ?? text.nobody;
  const by = entry.actorName ?? (entry.actor === "command line" ? text.commandLine : null);
  return (
    <li className="flex items-start gap-3 py-2">
      <Icon name={icon} className={`mt-0.5 size-4.5 ${tone}`} />
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere">
          <span className="font-medium">{text.kinds[entry.kind]}</span> {account}
          {by && by !== account && <span className="text-soft"> {text.by(by)}</span>}
        </p>
        <p className="text-xs wrap-anywhere text-faint">
          <TimeAgo at={entry.createdAt} />
          {entry.address && ` · ${entry.address}`}
          {detailOf(entry.detail).map((each) => ` · ${each}`)}
        </p>
      </div>
    </li>
  );
}

/** Short details such as a role or the name of a token; never a secret. */
function detailOf(detail: unknown): readonly string[] {
  return typeof detail === "object" && detail !== null
    ? Object.values(detail).filter((value) => typeof value === "string")
    : [];
}
