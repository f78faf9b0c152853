import type { IntentType } from "@/gql/graphql";
import { intentTypeLabels } from "@/gql/intentTypes";

/** The names of the intent types in a language, from the registry in app/intent_types/. */
export function labelsOf(language: "en" | "ja"): Record<IntentType, string> {
  const entries = Object.entries(intentTypeLabels).map(([name, labels]) => [name, labels[language]]);
  return Object.fromEntries(entries) as Record<IntentType, string>;
}
