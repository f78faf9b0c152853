/** Text with its length in Unicode code points, which is what the server counts in. */
export type Counted = { text: string; length: number };

export const nothing: Counted = { text: "", length: 0 };

export function countCodePoints(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += codeUnitsAt(text, index)) count += 1;
  return count;
}

/** The first `offset` code points of what is held, then `piece`: a lower offset replaces from there. */
export function place(held: Counted, offset: number, piece: string): Counted {
  const length = countCodePoints(piece);
  if (offset >= held.length) return { text: held.text + piece, length: held.length + length };
  let index = 0;
  for (let count = 0; count < offset; count += 1) index += codeUnitsAt(held.text, index);
  return { text: held.text.slice(0, index) + piece, length: offset + length };
}

function codeUnitsAt(text: string, index: number): 1 | 2 {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}
