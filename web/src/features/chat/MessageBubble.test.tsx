import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { MessageBubble } from "./MessageBubble";

it("shows the Markdown that a person wrote, with its line breaks", async () => {
  const { container } = render(<MessageBubble content={"one\ntwo\n\n```js\nlet a = 1;\n```"} />);
  await waitFor(() => expect(container.querySelector("pre code")).toHaveTextContent("let a = 1;"));
  expect(container.querySelectorAll("br")).toHaveLength(1);
  expect(screen.queryByRole("button", { name: "Show all" })).toBeNull();
});

it.each([
  ["lines", `${"line\n".repeat(40)}end`],
  ["characters", `${"word ".repeat(400)}end`],
])("collapses a message of many %s and shows all of it on request", async (_, content) => {
  const { container } = render(<MessageBubble content={content} />);
  await waitFor(() => expect(container.querySelector("p")).not.toBeNull());
  expect(container.textContent).not.toContain("end");
  const button = screen.getByRole("button", { name: "Show all" });
  expect(button).toHaveAttribute("aria-expanded", "false");
  fireEvent.click(button);
  await waitFor(() => expect(container.textContent).toContain("end"));
  fireEvent.click(screen.getByRole("button", { name: "Show less" }));
  await waitFor(() => expect(container.textContent).not.toContain("end"));
});
