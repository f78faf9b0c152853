import { render, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, it } from "vitest";
import { LanguageProvider, useLanguage } from "./language";

const stored = { text: "Erledigt", key: "notification.completed.title", params: {} };

function Notice() {
  const { translateOnce } = useLanguage();
  const [shown, setShown] = useState("");
  return (
    <button onClick={() => void translateOnce(stored).then(setShown)}>
      <span>{shown || "nothing"}</span>
    </button>
  );
}

it.each([
  ["en", /^[ -~]+$/],
  ["ja", /[ぁ-ん]/],
])(
  "shows a notice in the language of a reader of %s, whatever language it was stored in",
  async (language, sentence) => {
    localStorage.setItem("resonant.language", language);
    render(
      <LanguageProvider>
        <Notice />
      </LanguageProvider>,
    );
    screen.getByRole("button").click();
    const shown = await screen.findByText((text) => text !== "nothing" && text !== "");
    expect(shown.textContent).toMatch(sentence);
  },
);
