import { splitMatches } from "@/lib/search";

/** Text in which whatever the query's words match is marked. */
export function SearchHighlight({ text, query }: { text: string; query: string }) {
  return splitMatches(text, query).map((piece, index) =>
    piece.matched ? (
      <mark key={index} className="rounded-sm bg-ember-wash font-medium text-ink">
        {piece.text}
      </mark>
    ) : (
      <span key={index}>{piece.text}</span>
    ),
  );
}
