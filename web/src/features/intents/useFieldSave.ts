import { useEffect, useRef, useState } from "react";
import { useToast } from "@/components/Toasts";
import { useFailureText } from "@/components/useFailureText";
import type { UpdateIntentInput } from "@/gql/graphql";
import { useLanguage } from "@/lib/language";
import { toFailure } from "@/lib/request";
import { type Values, valueOf } from "./fieldValues";
import { type Intent, useIntents } from "./useIntents";

export type FieldSave = {
  /**
   * Saves a change of what the editor opened with, or of `from`; resolves to the saved intent, or to null when `problem`
   * says why it was refused.
   */
  save: (change: Partial<UpdateIntentInput>, from?: Intent) => Promise<Intent | null>;
  problem: string | null;
  /** The key of the server's refusal. */
  refusal: string | null;
  busy: boolean;
};

/**
 * Saves a field of an intent, with others that belong to it, based on the version that its editor opened with. A change
 * of other fields meanwhile is no conflict. A change of the same fields is shown once, and saving again replaces it.
 */
export function useFieldSave(intent: Intent, ...fields: readonly (keyof Values)[]): FieldSave {
  const { language, text } = useLanguage();
  const { update, fetchOne } = useIntents();
  const reason = useFailureText();
  const [base, setBase] = useState(intent);
  const [refused, setRefused] = useState<{ problem: string; key: string | null } | null>(null);
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const showToast = useToast();
  const mounted = useRef(false);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const refuse = (problem: string, key: string | null, { description }: Partial<UpdateIntentInput>) => {
    setRefused({ problem, key });
    // The editor was closed while it saved: what was typed is shown with the reason.
    if (!mounted.current) showToast({ title: problem, tone: "error", ...(description ? { body: description } : {}) });
  };

  const attempt = async (change: Partial<UpdateIntentInput>, from: Intent): Promise<Intent | null> => {
    const { id } = intent;
    try {
      return await update({ ...change, id, expectedVersion: from.version });
    } catch (error) {
      const failure = toFailure(error);
      const now = failure.key === "intent.changed" ? await fetchOne(id) : null;
      if (now === null || now.version === from.version) throw error;
      const changed = fields.filter((field) => JSON.stringify(now[field]) !== JSON.stringify(from[field]));
      if (changed.length === 0) return attempt(change, now);
      setBase(now);
      const values = changed.map((field) => valueOf(field, now, language, text.intents));
      refuse(text.intents.changedMeanwhile(values.join(", ")), failure.key, change);
      return null;
    }
  };
  const save = async (change: Partial<UpdateIntentInput>, from = base) => {
    if (running.current) return null;
    running.current = true;
    setBusy(true);
    setRefused(null);
    try {
      return await attempt(change, from);
    } catch (error) {
      const failure = toFailure(error);
      refuse(reason(failure), failure.key, change);
      return null;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { save, problem: refused?.problem ?? null, refusal: refused?.key ?? null, busy };
}
