import { timeAt, wallTime } from "@/lib/zone";

const FIELD = /^(\d{4,6})-(\d\d)-(\d\d)T(\d\d):(\d\d)/;
const padded = (value: number, digits = 2) => String(value).padStart(digits, "0");

/** A time as the value of a datetime-local field: the reader's local time without a zone. */
export function toLocalField(at: string): string {
  const { year, month, day, hour, minute } = wallTime(new Date(at));
  return `${padded(year, 4)}-${padded(month)}-${padded(day)}T${padded(hour)}:${padded(minute)}`;
}

/** The time that a datetime-local field shows; null when it is empty or incomplete. */
export function fromLocalField(value: string): string | null {
  const found = FIELD.exec(value);
  if (!found) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = found.slice(1).map(Number);
  const time = timeAt({ year, month, day, hour, minute });
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
