import { useStorage, writeStorage } from "@/lib/storage";

export const introductionCards = ["companion", "intent", "decision"] as const;
export type IntroductionCard = (typeof introductionCards)[number];

const KEY = "resonant.introduction";

/** The cards that the reader has not hidden in this browser, and a function that hides one. */
export function useIntroduction(): [readonly IntroductionCard[], (card: IntroductionCard) => void] {
  const [stored, store] = useStorage(KEY);
  const hidden = (stored ?? "").split(" ");
  const hide = (card: IntroductionCard) => store([...hidden.filter(Boolean), card].join(" "));
  return [introductionCards.filter((card) => !hidden.includes(card)), hide];
}

/** Shows all cards again. */
export function showIntroduction() {
  writeStorage(KEY, null);
}
