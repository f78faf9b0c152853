import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";
import { leaveKeysToInputMethod } from "@/lib/inputMethod";

// As on every page.
leaveKeysToInputMethod();

afterEach(() => {
  cleanup();
  localStorage.clear();
});
