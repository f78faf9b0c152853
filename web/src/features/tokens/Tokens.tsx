import { type SubmitEvent, useState } from "react";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/Dialog";
import { TextInput } from "@/components/Field";
import { TimeAgo } from "@/components/TimeAgo";
import { useAttempt } from "@/components/Toasts";
import { ProjectChoice, RightsChoice, type Scope, useScopeText } from "@/components/TokenScope";
import { useCopy } from "@/components/useCopy";
import { useFailureText } from "@/components/useFailureText";
import type { TokenFieldsFragment } from "@/gql/graphql";
import { Collection, newestFirst } from "@/lib/collection";
import { useText } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { pageOf, useLiveCollection } from "@/lib/useLiveCollection";
import { CreateToken, RevokeToken, TokenList } from "./documents";

type Token = TokenFieldsFragment;

/** The API tokens of the viewer: create, show once, revoke. */
export function Tokens() {
  const text = useText();
  const request = useRequest();
  const attempt = useAttempt();
  const reason = useFailureText();
  const [collection] = useState(() => new Collection<Token>(newestFirst));
  const list = useLiveCollection({
    collection,
    readPage: async (after) => pageOf((await request(TokenList, { after })).tokens),
  });
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>({ readOnly: false, projectId: null });
  const [secret, setSecret] = useState<string | null>(null);
  const create = (event: SubmitEvent) => {
    event.preventDefault();
    void attempt(async () => {
      const { createToken } = await request(CreateToken, { input: { name: name.trim(), ...scope } });
      setSecret(createToken.secret);
      setName("");
      list.reload();
    });
  };
  if (list.failure) return <p className="max-w-sm text-sm text-soft">{reason(list.failure)}</p>;
  return (
    <div className="w-full max-w-md space-y-3 text-sm">
      <form onSubmit={create} className="space-y-2">
        <div className="flex gap-2">
          <TextInput
            aria-label={text.tokens.name}
            placeholder={text.tokens.name}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit" disabled={name.trim() === ""} className="shrink-0">
            {text.tokens.create}
          </Button>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <RightsChoice readOnly={scope.readOnly} onChange={(readOnly) => setScope({ ...scope, readOnly })} />
          <ProjectChoice projectId={scope.projectId} onChange={(projectId) => setScope({ ...scope, projectId })} />
        </div>
        {scope.projectId && <p className="text-xs text-soft">{text.scope.mcpOnly}</p>}
      </form>
      {secret && <Secret secret={secret} />}
      <ul className="divide-y divide-line">
        {list.rows.map((token) => (
          <Row
            key={token.id}
            token={token}
            onRevoke={() => void attempt(() => request(RevokeToken, { id: token.id })).then(list.reload)}
          />
        ))}
      </ul>
      {list.hasMore && (
        <Button look="quiet" className="w-full" onClick={list.loadMore}>
          {text.loadMore}
        </Button>
      )}
    </div>
  );
}

function Secret({ secret }: { secret: string }) {
  const text = useText();
  const [copied, copy] = useCopy();
  return (
    <Banner role="status" icon="info" title={text.tokens.once}>
      <p className="my-1.5 font-mono text-xs wrap-anywhere">{secret}</p>
      <Button icon={copied ? "check" : "copy"} onClick={() => copy(secret)}>
        {copied ? text.chat.copied : text.chat.copy}
      </Button>
    </Banner>
  );
}

function Row({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  const { name, hint, createdAt, lastUsedAt } = token;
  const text = useText();
  const scopeText = useScopeText();
  const [asking, setAsking] = useState(false);
  return (
    <li className="flex items-center gap-3 py-2">
      <div className="min-w-0 flex-1">
        <p className="truncate">
          {name} <span className="font-mono text-xs text-faint">{hint}</span>
        </p>
        <p className="text-xs wrap-anywhere text-soft">{scopeText(token)}</p>
        <p className="text-xs text-faint">
          {lastUsedAt ? text.tokens.used : text.tokens.made} <TimeAgo at={lastUsedAt ?? createdAt} />
        </p>
      </div>
      <Button look="quiet" onClick={() => setAsking(true)}>
        {text.tokens.revoke}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={text.tokens.revokeTitle(name)}
        hint={text.tokens.revokeHint}
        action={text.tokens.revoke}
        onConfirm={onRevoke}
      />
    </li>
  );
}
