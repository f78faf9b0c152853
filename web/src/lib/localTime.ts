/** A time as the value of a datetime-local field: local time without a zone. */
export function toLocalField(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The time that a datetime-local field shows; null when it is empty or incomplete. */
export function fromLocalField(value: string): string | null {
  const time = new Date(value);
  return value === "" || Number.isNaN(time.getTime()) ? null : time.toISOString();
}
