import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Banner } from "./Banner";
import { Icon } from "./Icon";
import { Logo } from "./Logo";

it("announces its title, details and actions", () => {
  render(
    <Banner role="alert" tone="error" title="Not saved" actions={<button>Try again</button>}>
      <p>The server cannot be reached.</p>
    </Banner>,
  );
  const banner = screen.getByRole("alert");
  expect(banner).toHaveTextContent("Not saved");
  expect(banner).toHaveTextContent("The server cannot be reached.");
  expect(banner).toContainElement(screen.getByRole("button", { name: "Try again" }));
});

it.each([
  ["icon", <Icon key="icon" name="alert" className="text-ember" />],
  ["logo", <Logo key="logo" className="text-wave" />],
])("gives an %s a size whatever its class is", (_, drawing) => {
  const { container } = render(drawing);
  const svg = container.querySelector("svg");
  expect(svg).toHaveAttribute("width");
  expect(svg).toHaveAttribute("height");
});
