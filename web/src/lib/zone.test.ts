import { afterEach, expect, it } from "vitest";
import { clockTime, dateGroup, dueTime, midnightIn } from "./dates";
import { fromLocalField, toLocalField } from "./localTime";
import { readerZone, setChosenZone, timeAt, wallTime } from "./zone";

afterEach(() => setChosenZone(null));

it("uses the zone that the reader has chosen for every kind of date", () => {
  setChosenZone("Asia/Tokyo");
  const now = new Date("2026-11-25T16:00:00Z"); // the 26th in Tokyo
  expect(readerZone()).toBe("Asia/Tokyo");
  expect(clockTime(now.toISOString(), "ja")).toBe("1:00");
  expect(midnightIn(0, now).toISOString()).toBe("2026-11-25T15:00:00.000Z");
  expect(dateGroup("2026-11-25T14:00:00Z", now)).toBe("yesterday");
  expect(dueTime("2026-11-25T23:00:00Z", "ja", now)).toBe("8:00");
  expect(dueTime("2026-11-26T15:00:00Z", "ja", now)).toContain("27");
  expect(toLocalField("2026-11-25T16:30:00Z")).toBe("2026-11-26T01:30");
  expect(fromLocalField("2026-11-26T01:30")).toBe("2026-11-25T16:30:00.000Z");
  setChosenZone("Mars/Base");
  expect(readerZone()).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
});

it.each([
  ["Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30:00.000Z"], // skipped: shown as 03:30
  ["Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00.000Z"], // twice: the first
  ["America/New_York", "2026-03-08T03:00", "2026-03-08T07:00:00.000Z"],
  ["Asia/Kathmandu", "2026-06-01T00:00", "2026-05-31T18:15:00.000Z"],
  ["Pacific/Kiritimati", "2027-01-01T00:00", "2026-12-31T10:00:00.000Z"],
])("reads a wall time of %s at %s", (zone, field, at) => {
  setChosenZone(zone);
  expect(fromLocalField(field)).toBe(at);
});

it("gives back every wall time that exists", () => {
  for (const zone of ["Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Asia/Tokyo", "UTC"])
    for (let hour = 0; hour < 24 * 365; hour += 7) {
      const at = new Date(Date.UTC(2026, 0, 1, hour, 30));
      const wall = wallTime(at, zone);
      expect(wallTime(timeAt(wall, zone), zone)).toEqual(wall);
    }
});
