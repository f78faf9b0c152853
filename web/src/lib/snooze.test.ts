import { expect, test } from "vitest";
import { snoozedUntil } from "./snooze";

test.each([
  ["minutes", "Asia/Tokyo", "2027-03-01T01:00:00Z", "2027-03-01T01:10:00Z"],
  ["hour", "Asia/Tokyo", "2027-03-01T01:00:00Z", "2027-03-01T02:00:00Z"],
  ["morning", "Asia/Tokyo", "2027-03-01T01:00:00Z", "2027-03-02T00:00:00Z"],
  ["morning", "Asia/Tokyo", "2027-02-27T18:30:00Z", "2027-02-28T00:00:00Z"], // at half past three in the night
  ["morning", "Europe/Berlin", "2027-03-27T20:00:00Z", "2027-03-28T07:00:00Z"], // the clocks change in this night
  ["morning", "Europe/Berlin", "2027-10-30T20:00:00Z", "2027-10-31T08:00:00Z"],
  ["morning", "America/New_York", "2027-12-31T23:00:00Z", "2028-01-01T14:00:00Z"],
  ["morning", "Asia/Kolkata", "2027-03-01T12:00:00Z", "2027-03-02T03:30:00Z"],
] as const)("snoozing for %s in %s at %s ends at %s", (snooze, zone, now, until) => {
  expect(snoozedUntil(snooze, zone, new Date(now)).toISOString()).toBe(until.replace("Z", ".000Z"));
});
