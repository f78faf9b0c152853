import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { ModelPicker } from "./ModelPicker";

describe("the choice of a model", () => {
  it.each([[[]], [["only"]]])("is not shown with the models %j", (models) => {
    render(<ModelPicker models={models} chosen={null} onChoose={vi.fn()} />);
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("shows the default model first and reports another one, or null for the default", async () => {
    const choose = vi.fn();
    const { rerender } = render(<ModelPicker models={["big", "quick"]} chosen="removed" onChoose={choose} />);
    await userEvent.click(screen.getByRole("button", { name: "Model: big" }));
    await userEvent.click(screen.getByRole("menuitemradio", { name: "quick" }));
    expect(choose).toHaveBeenLastCalledWith("quick");
    rerender(<ModelPicker models={["big", "quick"]} chosen="quick" onChoose={choose} />);
    await userEvent.click(screen.getByRole("button", { name: "Model: quick" }));
    await userEvent.click(screen.getByRole("menuitemradio", { name: "big" }));
    expect(choose).toHaveBeenLastCalledWith(null);
  });
});
