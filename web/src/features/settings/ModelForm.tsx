import { type SubmitEvent, useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { Field, TextInput } from "@/components/Field";
import { useFailureText } from "@/components/useFailureText";
import type { ModelSettingsQuery } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { toFailure, useRequest } from "@/lib/request";
import { ModelSettings, SaveModel, TestModel } from "./documents";

type Configuration = ModelSettingsQuery["modelConfiguration"];
type Outcome = { text: string; failed: boolean };

/** The model of a local installation: its address, its name and its key, which is never shown again. */
export function ModelForm() {
  const text = useText();
  const request = useRequest();
  const [configuration, setConfiguration] = useState<Configuration | null>(null);
  useEffect(() => {
    let current = true;
    // Nobody but a local owner may read it; then there is no form.
    request(ModelSettings, {}).then(
      (data) => current && setConfiguration(data.modelConfiguration),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [request]);
  if (!configuration) return null;
  if (configuration.fromEnvironment) return <p className="text-sm text-soft">{text.model.fromEnvironment}</p>;
  return <Form configuration={configuration} onSaved={setConfiguration} />;
}

type FormProps = { configuration: Configuration; onSaved: (saved: Configuration) => void };

function Form({ configuration, onSaved }: FormProps) {
  const text = useText();
  const request = useRequest();
  const reason = useFailureText();
  const [typed, setTyped] = useState({ model: configuration.model, baseUrl: configuration.baseUrl ?? "", apiKey: "" });
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [busy, setBusy] = useState(false);
  const type = (part: keyof typeof typed) => (value: string) => setTyped((now) => ({ ...now, [part]: value }));

  const attempt = async (act: () => Promise<string>) => {
    setBusy(true);
    setOutcome(null);
    try {
      setOutcome({ text: await act(), failed: false });
    } catch (error) {
      setOutcome({ text: reason(toFailure(error)), failed: true });
    } finally {
      setBusy(false);
    }
  };
  const input = {
    model: typed.model,
    baseUrl: typed.baseUrl.trim() || null,
    apiKey: typed.apiKey || null,
  };
  const test = () =>
    attempt(async () => text.model.answered((await request(TestModel, { input })).testModelConfiguration));
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    void attempt(async () => {
      onSaved((await request(SaveModel, { input })).saveModelConfiguration);
      setTyped((now) => ({ ...now, apiKey: "" }));
      return text.model.saved;
    });
  };
  return (
    <form className="w-80 max-w-full space-y-3" aria-label={text.model.title} onSubmit={save}>
      <Field label={text.model.name}>
        <TextInput required value={typed.model} onChange={(event) => type("model")(event.target.value)} />
      </Field>
      <Field label={text.model.address} hint={text.model.addressHint}>
        <TextInput
          type="url"
          placeholder="https://api.anthropic.com"
          value={typed.baseUrl}
          onChange={(event) => type("baseUrl")(event.target.value)}
        />
      </Field>
      <Field label={text.model.key} hint={configuration.hasKey ? text.model.keyKept : text.model.keyHint}>
        <TextInput
          type="password"
          autoComplete="off"
          value={typed.apiKey}
          onChange={(event) => type("apiKey")(event.target.value)}
        />
      </Field>
      {outcome && (
        <p
          role={outcome.failed ? "alert" : "status"}
          className={`text-sm ${outcome.failed ? "text-rust" : "text-soft"}`}
        >
          {outcome.text}
        </p>
      )}
      {configuration.restartNeeded && !outcome && <p className="text-sm text-soft">{text.model.restart}</p>}
      <div className="flex justify-end gap-2">
        <Button disabled={busy} onClick={() => void test()}>
          {text.model.test}
        </Button>
        <Button type="submit" look="primary" disabled={busy}>
          {text.model.save}
        </Button>
      </div>
    </form>
  );
}
