import { fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { expect, it } from "vitest";
import { Drawer, FormDialog } from "./Dialog";
import { ToastProvider, useOfferUndo } from "./Toasts";

function Page() {
  const offerUndo = useOfferUndo();
  const [drawer, setDrawer] = useState(true);
  const [form, setForm] = useState(false);
  const change = () => offerUndo({ group: "g", title: () => "Archived", run: () => Promise.resolve() });
  return (
    <Drawer open={drawer} onOpenChange={setDrawer} title="Drawer" side="right">
      <button onClick={() => setForm(true)}>edit</button>
      <FormDialog open={form} onOpenChange={setForm} title="Form">
        <button onClick={change}>change</button>
      </FormDialog>
    </Drawer>
  );
}

function open() {
  render(
    <ToastProvider>
      <Page />
    </ToastProvider>,
  );
  fireEvent.click(screen.getByRole("button", { name: "edit" }));
  fireEvent.click(screen.getByRole("button", { name: "change" }));
}

const shown = () => ["Form", "Drawer", "Archived"].filter((name) => screen.queryByText(name));
const escape = (target: Element = document.body) => fireEvent.keyDown(target, { key: "Escape" });

it("closes the dialogs first, and then a toast that was shown later", () => {
  open();
  expect(shown()).toEqual(["Form", "Drawer", "Archived"]);
  escape(screen.getByRole("button", { name: "change" }));
  expect(shown()).toEqual(["Drawer", "Archived"]);
  escape();
  expect(shown()).toEqual(["Archived"]);
  escape();
  expect(shown()).toEqual([]);
});

it("closes the toast that has the focus", () => {
  open();
  escape(screen.getByText("Undo"));
  expect(shown()).toEqual(["Form", "Drawer"]);
});
