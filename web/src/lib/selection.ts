/** The selection with `id` added or removed. */
export function withSelected(selection: ReadonlySet<string>, id: string, wanted: boolean): ReadonlySet<string> {
  const after = new Set(selection);
  if (wanted) after.add(id);
  else after.delete(id);
  return after;
}
