import type { IconName } from "@/components/Icon";
import type { HitRating } from "@/gql/graphql";
import type { Text } from "@/lib/language";
import { navigate } from "@/lib/route";
import type { Row } from "./PaletteOption";
import type { Ratings } from "./useRatings";
import type { FoundRecord } from "./useSearch";

const icons: Readonly<Record<HitRating, IconName>> = { USEFUL: "check", WRONG: "close", OUTDATED: "clock" };

/** The rows below a hit that rate it; of an outdated memory also those that change or forget it. */
export function ratingRows(hit: FoundRecord, ratings: Ratings, text: Text["search"]): Row[] {
  const { subject } = hit;
  const now = ratings.ratingOf(hit);
  const row = (key: string, icon: IconName, name: string, what: string, run: () => void, stays: boolean): Row => ({
    key: `${subject.id} ${key}`,
    icon,
    name,
    what,
    at: null,
    indented: true,
    plain: true,
    run,
    stays,
  });
  const rows = (["USEFUL", "WRONG", "OUTDATED"] as const).map((rating) => {
    const name = now === rating ? text.takeBack(text.ratings[rating]) : text.ratings[rating];
    return row(rating, icons[rating], name, text.ratingHints[rating], () => ratings.rate(hit, rating), true);
  });
  if (subject.kind !== "Memory" || now !== "OUTDATED") return rows;
  return [
    ...rows,
    row("change", "edit", text.change, text.kinds.Memory, () => navigate(subject.route), false),
    row("forget", "trash", text.forget, text.kinds.Memory, () => ratings.forget(subject), true),
  ];
}
