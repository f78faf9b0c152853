import { type SubmitEvent, useState } from "react";
import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { Diff } from "@/components/Diff";
import { Dependents, noneTicked } from "@/components/Dependents";
import { Field, SelectInput, TextArea, TextInput } from "@/components/Field";
import { ProjectPicker } from "@/components/ProjectPicker";
import { TagsField, toTags } from "@/components/Tags";
import { useAttempt } from "@/components/Toasts";
import { useReviews } from "@/components/useReviews";
import type { DecisionKind } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { OptionsField } from "./OptionsField";
import { type Draft, toDraft, toOptions } from "./draft";
import { type Decision, type Decisions, decisionKinds } from "./useDecisions";

type FormProps = Pick<Decisions, "record" | "update"> & {
  /** The decision to edit; null to record one. */
  decision: Decision | null;
  /** The decision that the new one replaces. */
  replaced?: Decision | null;
  /** The decisions that a new one may replace. */
  accepted: readonly Decision[];
  onDone: (saved: Decision | null) => void;
};

/** The form to record a decision, or to edit one. What was decided is fixed once it is no longer proposed. */
export function DecisionForm({ decision, replaced = null, accepted, record, update, onDone }: FormProps) {
  const text = useText();
  const attempt = useAttempt();
  const [draft, setDraft] = useState<Draft>(() => toDraft(decision, replaced));
  const [saving, setSaving] = useState(false);
  // The version that the draft was made from: a change made meanwhile is shown before it can be overwritten.
  const [base, setBase] = useState(decision?.version ?? 0);
  const conflict = decision !== null && decision.version !== base;
  const [ticked, setTicked] = useState(noneTicked);
  // It is recorded once, also when the to-dos could not be created at first.
  const [recorded, setRecorded] = useState<Decision | null>(null);
  const createReviews = useReviews();
  const [picked, setPicked] = useState<string | null>(null);
  // Once it is replaced, it is no longer among the accepted ones.
  const [old, setOld] = useState<Decision | null>(null);
  const superseded = old ?? (decision === null ? accepted.find((each) => each.id === draft.supersedes) : null);
  // A decision is replaced in its own project.
  const projectId = superseded?.project.id ?? picked;
  const place = projectId === null ? {} : { projectId };
  const change = (changed: Partial<Draft>) => setDraft((now) => ({ ...now, ...changed }));
  const fixed = decision !== null && decision.status !== "PROPOSED";
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setSaving(true);
    let saved = recorded;
    const done = await attempt(async () => {
      saved ??= decision
        ? await update(toUpdate(decision, draft, fixed, base))
        : await record({ ...toRecord(draft), ...place });
      setRecorded(saved);
      setOld(superseded ?? null);
      if (superseded) await createReviews(superseded.id, [...ticked.values()]);
    });
    setSaving(false);
    if (done) onDone(saved);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="mx-auto w-full max-w-3xl space-y-4 px-4 pt-4 pb-12">
      <h2 className="font-display text-xl">
        {decision ? `${text.decisions.edit}: ${text.decisions.number(decision.number)}` : text.decisions.new}
      </h2>
      {decision === null && (
        <div>
          <Choices
            label={text.decisions.kind}
            value={draft.kind}
            onChange={(kind: DecisionKind) => change({ kind })}
            choices={decisionKinds.map((kind) => [kind, text.decisions.kinds[kind]] as const)}
          />
          <p className="mt-1 text-xs text-faint">{text.decisions.kindHints[draft.kind]}</p>
        </div>
      )}
      {decision === null && !superseded && <ProjectPicker value={picked} onChange={setPicked} />}
      <Field label={text.decisions.name} hint={text.decisions.nameHint}>
        <TextInput
          autoFocus
          value={draft.title}
          maxLength={200}
          onChange={(event) => change({ title: event.target.value })}
        />
      </Field>
      <Field label={text.decisions.topic} hint={text.decisions.topicHint}>
        <TextInput value={draft.topic} maxLength={200} onChange={(event) => change({ topic: event.target.value })} />
      </Field>
      {!fixed && draft.kind === "VALUE" && (
        <Field label={text.decisions.value} hint={text.decisions.valueHint}>
          <TextInput value={draft.value} maxLength={500} onChange={(event) => change({ value: event.target.value })} />
        </Field>
      )}
      {!fixed && draft.kind === "CHOICE" && (
        <OptionsField
          options={draft.options}
          chosen={draft.chosen}
          onChange={(options, chosen) => change({ options, chosen })}
        />
      )}
      <LongField
        name={text.decisions.rationale}
        value={draft.rationale}
        onChange={(rationale) => change({ rationale })}
      />
      <LongField
        name={text.decisions.context}
        hint={text.decisions.contextHint}
        value={draft.context}
        onChange={(context) => change({ context })}
      />
      <LongField
        name={text.decisions.consequences}
        value={draft.consequences}
        onChange={(consequences) => change({ consequences })}
      />
      <TagsField value={draft.tags} onChange={(tags) => change({ tags })} />
      {decision === null && accepted.length > 0 && (
        <div className="flex flex-wrap items-center gap-2 text-sm">
          <span className="font-medium text-soft">{text.decisions.supersedes}</span>
          <SelectInput
            label={text.decisions.supersedes}
            value={draft.supersedes}
            onChange={(supersedes) => {
              change({ supersedes });
              setTicked(noneTicked);
            }}
          >
            <option value="">{text.decisions.supersedesNone}</option>
            {accepted.map((each) => (
              <option key={each.id} value={each.id}>
                {text.decisions.number(each.number)}: {each.title}
              </option>
            ))}
          </SelectInput>
        </div>
      )}
      {superseded && <Dependents key={superseded.id} decision={superseded} ticked={ticked} onChange={setTicked} />}
      {decision === null && (
        <label className="flex min-h-9 items-center gap-2.5 text-sm">
          <input
            type="checkbox"
            checked={draft.proposed}
            onChange={(event) => change({ proposed: event.target.checked })}
            className="size-4 accent-wave"
          />
          {text.decisions.onlyPropose}
        </label>
      )}
      {conflict && (
        <Conflict
          theirs={decision}
          mine={draft}
          onKeepMine={() => setBase(decision.version)}
          onTakeTheirs={() => onDone(null)}
        />
      )}
      {recorded && !saving && <p className="text-sm text-rust">{text.impacts.left}</p>}
      <div className="flex justify-end gap-2">
        <Button onClick={() => onDone(recorded)}>{recorded ? text.close : text.cancel}</Button>
        <Button look="primary" type="submit" disabled={!isComplete(draft, fixed) || conflict || saving}>
          {recorded ? text.impacts.create : decision ? text.save : text.decisions.record}
        </Button>
      </div>
    </form>
  );
}

type ConflictProps = { theirs: Decision; mine: Draft; onKeepMine: () => void; onTakeTheirs: () => void };

/** The decision was changed while the form was open: what saving the draft would change, and the choice. */
function Conflict({ theirs, mine, onKeepMine, onTakeTheirs }: ConflictProps) {
  const text = useText();
  return (
    <Banner role="alert" title={text.decisions.conflict}>
      <p className="mt-1 mb-3 text-soft">{text.decisions.conflictHint}</p>
      <div className="max-h-72 overflow-y-auto rounded-lg bg-paper p-2">
        <Diff before={wordsOf(toDraft(theirs, null))} after={wordsOf(mine)} />
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button onClick={onKeepMine}>{text.decisions.keepMine}</Button>
        <Button onClick={onTakeTheirs}>{text.decisions.takeTheirs}</Button>
      </div>
    </Banner>
  );
}

/** All that the form shows, a line for each part. */
function wordsOf({ options, chosen, ...words }: Draft): string {
  const labels = options.map(({ label, reason }, place) =>
    [place === chosen ? `✓ ${label}` : label, ...(reason && place !== chosen ? [reason] : [])].join(": "),
  );
  const { title, topic, value, rationale, context, consequences, tags } = words;
  return [title, topic, value, ...labels, rationale, context, consequences, tags]
    .filter((each) => each !== "")
    .join("\n");
}

type LongProps = { name: string; hint?: string; value: string; onChange: (value: string) => void };

function LongField({ name, hint, value, onChange }: LongProps) {
  return (
    <Field label={name} {...(hint ? { hint } : {})}>
      <TextArea
        value={value}
        maxLength={10_000}
        onChange={(event) => onChange(event.target.value)}
        className="min-h-16"
      />
    </Field>
  );
}

function isComplete({ title, kind, options, chosen, proposed }: Draft, fixed: boolean): boolean {
  if (title.trim() === "") return false;
  return fixed || proposed || kind !== "CHOICE" || toOptions(options, null).length === 0 || chosen !== null;
}

function toRecord(draft: Draft) {
  const { kind, chosen } = draft;
  return {
    ...written(draft),
    topic: draft.topic.trim() || null,
    kind,
    status: draft.proposed ? ("PROPOSED" as const) : ("ACCEPTED" as const),
    ...(kind === "CHOICE" ? { options: toOptions(draft.options, chosen), chosen: labelOf(draft) || null } : {}),
    value: kind === "VALUE" ? draft.value.trim() || null : null,
    supersedes: draft.supersedes === "" ? [] : [draft.supersedes],
  };
}

function toUpdate(decision: Decision, draft: Draft, fixed: boolean, base: number) {
  const { kind, chosen } = draft;
  return {
    ...written(draft),
    id: decision.id,
    expectedVersion: base,
    topic: draft.topic.trim() || decision.topic,
    ...(!fixed && kind === "CHOICE" ? { options: toOptions(draft.options, chosen), chosen: labelOf(draft) } : {}),
    ...(!fixed && kind === "VALUE" ? { value: draft.value.trim() } : {}),
  };
}

const labelOf = ({ options, chosen }: Draft) => (chosen === null ? "" : (options[chosen]?.label.trim() ?? ""));

const written = ({ title, context, rationale, consequences, tags }: Draft) => ({
  title: title.trim(),
  context: context.trim(),
  rationale: rationale.trim(),
  consequences: consequences.trim(),
  tags: toTags(tags),
});
