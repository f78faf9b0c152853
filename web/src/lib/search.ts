/** Text as it is compared while searching: width, case and surrounding blanks make no difference. */
export function foldForSearch(text: string): string {
  return text.normalize("NFKC").toLocaleLowerCase().trim();
}

export type Piece = { text: string; matched: boolean };

/** The text in pieces, of which those that any of the query's words match are marked. */
export function splitMatches(text: string, query: string): Piece[] {
  const words = [...new Set(foldForSearch(query).split(/\s+/).filter(Boolean))].sort((a, b) => b.length - a.length);
  if (words.length === 0) return [{ text, matched: false }];
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "giu");
  return text
    .split(pattern)
    .map((piece, index) => ({ text: piece, matched: index % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}
