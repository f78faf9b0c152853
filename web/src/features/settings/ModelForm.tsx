import { type SubmitEvent, useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/Dialog";
import { Field, TextInput } from "@/components/Field";
import { useFailureText } from "@/components/useFailureText";
import type { ModelSettingsQuery } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { toFailure, useRequest } from "@/lib/request";
import { ModelSettings, RemoveModel, SaveModel, TestModel } from "./documents";
import { useReloadViewer } from "./useViewer";

type Configuration = ModelSettingsQuery["modelConfiguration"];
type Outcome = { text: string; failed: boolean };

const toTyped = ({ model, baseUrl, furtherModels }: Configuration) => ({
  model,
  baseUrl: baseUrl ?? "",
  further: furtherModels.join(", "),
  apiKey: "",
});

const SEPARATORS = /[,、，\n]/;

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
  const reload = useReloadViewer();
  const [typed, setTyped] = useState(() => toTyped(configuration));
  const [removing, setRemoving] = useState(false);
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
    furtherModels: typed.further
      .split(SEPARATORS)
      .map((name) => name.trim())
      .filter(Boolean),
    apiKey: typed.apiKey || null,
  };
  const accept = (saved: Configuration) => {
    onSaved(saved);
    setTyped(toTyped(saved));
    reload();
  };
  const test = () =>
    attempt(async () => text.model.answered((await request(TestModel, { input })).testModelConfiguration));
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    void attempt(async () => {
      const { saveModelConfiguration: saved } = await request(SaveModel, { input });
      accept(saved);
      return text.model.saved(saved.model);
    });
  };
  const remove = () =>
    attempt(async () => {
      accept((await request(RemoveModel, {})).removeModelConfiguration);
      return text.model.removed;
    });
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
      <Field label={text.model.further} hint={text.model.furtherHint}>
        <TextInput value={typed.further} onChange={(event) => type("further")(event.target.value)} />
      </Field>
      {busy && (
        <p role="status" className="text-sm text-soft">
          {text.model.working}
        </p>
      )}
      {outcome && (
        <p
          role={outcome.failed ? "alert" : "status"}
          className={`text-sm ${outcome.failed ? "text-rust" : "text-soft"}`}
        >
          {outcome.text}
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        {configuration.hasKey && (
          <Button look="quiet" className="mr-auto" disabled={busy} onClick={() => setRemoving(true)}>
            {text.model.remove}
          </Button>
        )}
        <Button disabled={busy} onClick={() => void test()}>
          {text.model.test}
        </Button>
        <Button type="submit" look="primary" disabled={busy}>
          {text.model.save}
        </Button>
      </div>
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={text.model.removeTitle}
        hint={text.model.removeHint}
        action={text.model.remove}
        onConfirm={() => void remove()}
      />
    </form>
  );
}
