import { type SubmitEvent, useState } from "react";
import { Button } from "@/components/Button";
import { Field, TextInput } from "@/components/Field";
import { useToast } from "@/components/Toasts";
import { useFailureText } from "@/components/useFailureText";
import { useText } from "@/lib/language";
import { toFailure, useRequest } from "@/lib/request";
import { ChangePassword as Change } from "./documents";

const MIN_CHARACTERS = 12;
const NOTHING = { current: "", wanted: "", again: "" };

/** The form to change the password, closed at first. `onTokensEnded` is called when it also revoked the tokens. */
export function ChangePassword({ onTokensEnded }: { onTokensEnded: () => void }) {
  const { password: text } = useText();
  const [open, setOpen] = useState(false);
  if (!open) return <Button onClick={() => setOpen(true)}>{text.change}</Button>;
  return <PasswordForm onDone={() => setOpen(false)} onTokensEnded={onTokensEnded} />;
}

function PasswordForm({ onDone, onTokensEnded }: { onDone: () => void; onTokensEnded: () => void }) {
  const text = useText();
  const request = useRequest();
  const showToast = useToast();
  const reason = useFailureText();
  const [typed, setTyped] = useState(NOTHING);
  const [endTokens, setEndTokens] = useState(true);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const type = (part: keyof typeof NOTHING) => (value: string) => setTyped((now) => ({ ...now, [part]: value }));

  const change = async (event: SubmitEvent) => {
    event.preventDefault();
    const { current, wanted, again } = typed;
    const different = wanted === again ? null : text.password.different;
    const unfit = wanted.length < MIN_CHARACTERS ? text.signIn.passwordHint : different;
    setProblem(unfit);
    if (unfit) return;
    setBusy(true);
    try {
      await request(Change, { input: { currentPassword: current, newPassword: wanted, keepTokens: !endTokens } });
      const { changed, tokensEnded, othersEnded } = text.password;
      showToast({ title: changed, body: endTokens ? tokensEnded : othersEnded, tone: "success" });
      if (endTokens) onTokensEnded();
      onDone();
    } catch (error) {
      setProblem(reason(toFailure(error)));
      setBusy(false);
    }
  };
  return (
    <form
      className="w-72 max-w-full space-y-3"
      aria-label={text.password.title}
      onSubmit={(event) => void change(event)}
    >
      <Secret
        label={text.password.current}
        autoComplete="current-password"
        value={typed.current}
        onType={type("current")}
      />
      <Secret
        label={text.password.wanted}
        hint={text.signIn.passwordHint}
        autoComplete="new-password"
        value={typed.wanted}
        onType={type("wanted")}
      />
      <Secret label={text.password.again} autoComplete="new-password" value={typed.again} onType={type("again")} />
      <EndTokens checked={endTokens} onChange={setEndTokens} />
      {problem && (
        <p role="alert" className="text-sm text-rust">
          {problem}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button look="quiet" onClick={onDone}>
          {text.cancel}
        </Button>
        <Button type="submit" look="primary" disabled={busy}>
          {text.password.change}
        </Button>
      </div>
    </form>
  );
}

function EndTokens({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  const { password: text } = useText();
  return (
    <div>
      <label className="flex min-h-9 items-center gap-2 text-sm text-soft">
        <input
          type="checkbox"
          aria-describedby="end-tokens-hint"
          checked={checked}
          onChange={(event) => onChange(event.target.checked)}
          className="size-4 shrink-0 accent-wave"
        />
        {text.endTokens}
      </label>
      <p id="end-tokens-hint" className="text-xs text-faint">
        {text.endTokensHint}
      </p>
    </div>
  );
}

type SecretProps = {
  label: string;
  hint?: string;
  autoComplete: "current-password" | "new-password";
  value: string;
  onType: (value: string) => void;
};

function Secret({ label, hint, autoComplete, value, onType }: SecretProps) {
  return (
    <Field label={label} {...(hint ? { hint } : {})}>
      <TextInput
        type="password"
        autoComplete={autoComplete}
        required
        value={value}
        onChange={(event) => onType(event.target.value)}
      />
    </Field>
  );
}
