import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Provider } from "urql";
import { ToastProvider } from "@/components/Toasts";
import { createGraphQLClient } from "@/lib/request";
import { ChangePassword } from "./ChangePassword";

const NEW = "a few words in a row";

/** Opens the form; the server responds with `answer`. */
async function open(answer: object, onTokensEnded = vi.fn()) {
  const fetch = vi.fn((_: string, asked: { body: string }) => {
    expect(asked.body).toContain("changePassword");
    return Promise.resolve(new Response(JSON.stringify(answer), { headers: { "content-type": "application/json" } }));
  });
  vi.stubGlobal("fetch", fetch);
  render(
    <Provider value={createGraphQLClient("http://localhost/graphql")}>
      <ToastProvider>
        <ChangePassword onTokensEnded={onTokensEnded} />
      </ToastProvider>
    </Provider>,
  );
  await userEvent.click(screen.getByRole("button", { name: "Change the password" }));
  return fetch;
}

async function fill(current: string, wanted: string, again: string) {
  await userEvent.type(screen.getByLabelText("Current password"), current);
  await userEvent.type(screen.getByLabelText(/^New password(?! again)/), wanted);
  await userEvent.type(screen.getByLabelText("New password again"), `${again}{Enter}`);
}

describe("ChangePassword", () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    [true, "You are signed out everywhere else, and your tokens have ended."],
    [false, "You are signed out everywhere else."],
  ])("sends both passwords, closes and says what ended (tokens: %s)", async (tokensEnd, said) => {
    const onTokensEnded = vi.fn();
    const fetch = await open({ data: { changePassword: true } }, onTokensEnded);
    const box = screen.getByRole("checkbox", { name: "End my tokens, too" });
    expect(box).toBeChecked();
    if (!tokensEnd) await userEvent.click(box);
    await fill("the old one", NEW, NEW);
    expect(await screen.findByText(said)).toBeInTheDocument();
    const [[, asked]] = fetch.mock.calls as [[string, { body: string }]];
    const { variables } = JSON.parse(asked.body) as { variables: unknown };
    expect(variables).toEqual({
      input: { currentPassword: "the old one", newPassword: NEW, keepTokens: !tokensEnd },
    });
    expect(screen.queryByLabelText("Current password")).toBeNull();
    expect(onTokensEnded).toHaveBeenCalledTimes(tokensEnd ? 1 : 0);
  });

  it.each([
    ["too short", "short", "short", /At least 12 characters/],
    ["repeated differently", NEW, `${NEW}!`, /two different ways/],
  ])("sends nothing when the new password is %s", async (_, wanted, again, said) => {
    const fetch = await open({});
    await fill("the old one", wanted, again);
    expect(screen.getByRole("alert")).toHaveTextContent(said);
    expect(fetch).not.toHaveBeenCalled();
  });

  it("stays open with the server's reason", async () => {
    const message = "The current password is wrong.";
    await open({ errors: [{ message, extensions: { code: "BAD_USER_INPUT" } }] });
    await fill("a guess", NEW, NEW);
    expect(await screen.findByRole("alert")).toHaveTextContent(message);
  });
});
