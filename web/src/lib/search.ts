/** Text normalised for search: width, case and surrounding spaces are ignored. */
export function foldForSearch(text: string): string {
  return text.normalize("NFKC").toLocaleLowerCase().trim();
}

export type Piece = { text: string; matched: boolean };

/** The text split into pieces that match a word of the query and pieces that do not. */
export function splitMatches(text: string, query: string): Piece[] {
  const words = [...new Set(foldForSearch(query).split(/\s+/).filter(Boolean))].sort((a, b) => b.length - a.length);
  if (words.length === 0) return [{ text, matched: false }];
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "giu");
  return text
    .split(pattern)
    .map((piece, index) => ({ text: piece, matched: index % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}
