import { type ReactNode, type SyntheticEvent, useEffect, useState } from "react";
import { useClient } from "urql";
import { Button } from "@/components/Button";
import { Field, TextInput } from "@/components/Field";
import { Logo } from "@/components/Logo";
import { useFailureText } from "@/components/useFailureText";
import { useText } from "@/lib/language";
import { clearOfflineCache } from "@/lib/offlineCache";
import { RequestFailure, toFailure, useRequest } from "@/lib/request";
import { afterSignIn, setupCode } from "@/lib/signIn";
import { ClaimOwnership, SignIn, WhoIsIn } from "./documents";

/** The sign-in page; with the set-up link of the server it creates the first owner. */
export function SignInPage() {
  const [code] = useState(() => setupCode(location.hash));
  useLeaveWhenSignedIn();
  return (
    <main className="flex min-h-dvh items-center justify-center p-6">
      <div className="w-full max-w-xs">
        <p className="mb-6 flex items-center justify-center gap-2.5 text-lg font-semibold">
          <Logo className="size-7 text-wave" />
          Resonant Engine
        </p>
        {code ? <ClaimForm code={code} /> : <SignInForm />}
      </div>
    </main>
  );
}

const leave = () => location.replace(afterSignIn(location.search));

/** Leaves when the user is signed in: a link from another site arrives here without the SameSite cookie. */
function useLeaveWhenSignedIn() {
  const client = useClient();
  useEffect(() => {
    void client
      .query(WhoIsIn, {})
      .toPromise()
      .then(({ data, error }) => {
        if (data) leave();
        else if (error?.graphQLErrors.length) void clearOfflineCache();
      });
  }, [client]);
}

function SignInForm() {
  const { signIn: text } = useText();
  const request = useRequest();
  return (
    <CredentialsForm
      title={text.title}
      action={text.action}
      autoComplete="current-password"
      refused={text.wrong}
      onSubmit={(name, password) => request(SignIn, { input: { name, password } })}
    />
  );
}

function ClaimForm({ code }: { code: string }) {
  const { signIn: text } = useText();
  const request = useRequest();
  return (
    <CredentialsForm
      title={text.claimTitle}
      hint={text.claimHint}
      action={text.claimAction}
      passwordHint={text.passwordHint}
      autoComplete="new-password"
      refused={text.usedUp}
      onSubmit={(name, password) => request(ClaimOwnership, { input: { code, name, password } })}
    />
  );
}

type CredentialsFormProps = {
  title: string;
  hint?: string;
  action: string;
  passwordHint?: string;
  autoComplete: "current-password" | "new-password";
  /** Shown when the server rejects the credentials. */
  refused: ReactNode;
  onSubmit: (name: string, password: string) => Promise<unknown>;
};

function CredentialsForm({ title, hint, action, passwordHint, autoComplete, refused, onSubmit }: CredentialsFormProps) {
  const { signIn: text } = useText();
  const reason = useFailureText();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onSubmit(name, password);
      leave();
    } catch (error) {
      setFailure(toFailure(error));
      setBusy(false);
    }
  };
  return (
    <form className="space-y-4" aria-labelledby="title" onSubmit={(event) => void submit(event)}>
      <div>
        <h1 id="title" className="text-base font-semibold">
          {title}
        </h1>
        {hint && <p className="mt-1 text-sm text-soft">{hint}</p>}
      </div>
      <Field label={text.name}>
        <TextInput
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field label={text.password} {...(passwordHint ? { hint: passwordHint } : {})}>
        <TextInput
          type="password"
          autoComplete={autoComplete}
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      {failure && (
        <p role="alert" className="text-sm text-rust">
          {failure.code === "UNAUTHENTICATED" ? refused : reason(failure)}
        </p>
      )}
      <Button type="submit" look="primary" className="w-full" disabled={busy}>
        {action}
      </Button>
    </form>
  );
}
