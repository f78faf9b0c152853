import { splitMatches } from "@/lib/search";

/** Text with the parts that match the query highlighted. */
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
