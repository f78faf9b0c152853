/** Text with its length in Unicode code points, the unit of the server's offsets. */
export type CountedText = { text: string; length: number };

export const emptyText: CountedText = { text: "", length: 0 };

export function countCodePoints(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += codeUnitsAt(text, index)) count += 1;
  return count;
}

/** The first `offset` code points of `current`, followed by `piece`: a lower offset replaces the text after it. */
export function insertAt(current: CountedText, offset: number, piece: string): CountedText {
  const length = countCodePoints(piece);
  if (offset >= current.length) return { text: current.text + piece, length: current.length + length };
  let index = 0;
  for (let count = 0; count < offset; count += 1) index += codeUnitsAt(current.text, index);
  return { text: current.text.slice(0, index) + piece, length: offset + length };
}

function codeUnitsAt(text: string, index: number): 1 | 2 {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}
