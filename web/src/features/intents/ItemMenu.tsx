import { DropdownMenu } from "radix-ui";
import { MenuItem, MenuLine, MenuSurface } from "@/components/Menu";
import { MoveMenuItem } from "@/components/MoveToProject";
import { useAttempt } from "@/components/Toasts";
import { useEscape } from "@/components/useEscape";
import { intentStatuses } from "@/lib/boardPages";
import { useText } from "@/lib/language";
import { navigate, toPage } from "@/lib/route";
import { StatusIcon, useStatusNames } from "./StatusBadge";
import { moveOf } from "./moves";
import { type Intent, canEdit, isOfPerson, useIntents } from "./useIntents";
import { type Opened, returnFocus, shortTitle, useWorkbench, useWorkbenchState } from "./useWorkbench";

/** Everything that can be done with one item, at the element that opened it. One menu serves all items. */
export function ItemMenu() {
  const { opened } = useWorkbenchState();
  const { intents } = useIntents();
  const intent = opened?.field === "menu" ? intents.find(({ id }) => id === opened.id) : undefined;
  return opened && intent ? <OpenMenu opened={opened} intent={intent} /> : null;
}

function OpenMenu({ opened, intent }: { opened: Opened; intent: Intent }) {
  const { intents: text } = useText();
  const attempt = useAttempt();
  const { remove } = useIntents();
  const { open, handOver, move } = useWorkbench();
  useEscape(true, () => open(null));
  const names = useStatusNames(intent);
  const { left, bottom, right } = opened.anchor.getBoundingClientRect();
  const edit = (field: Opened["field"]) => open({ ...opened, field });
  const targets = intentStatuses.filter((to) => to !== intent.status);
  return (
    <DropdownMenu.Root
      open
      modal={false}
      onOpenChange={(shown) => {
        if (!shown) open(null);
      }}
    >
      <DropdownMenu.Trigger asChild>
        <span
          aria-hidden="true"
          tabIndex={-1}
          className="pointer-events-none fixed h-0"
          style={{ left, top: bottom, width: right - left }}
        />
      </DropdownMenu.Trigger>
      <MenuSurface label={text.menu(shortTitle(intent))} onClosed={() => returnFocus(opened.anchor)}>
        <MenuItem icon="board" onSelect={() => navigate(toPage("intents", intent.id))}>
          {text.open}
        </MenuItem>
        {canEdit(intent) && (
          <>
            <MenuItem icon="edit" keepsOpen onSelect={() => edit("title")}>
              {text.editTitleHere}
            </MenuItem>
            <MenuItem icon="clock" keepsOpen onSelect={() => edit("due")}>
              {text.editDue}
            </MenuItem>
            <MenuItem icon="alert" keepsOpen onSelect={() => edit("priority")}>
              {text.editPriority}
            </MenuItem>
          </>
        )}
        {!intent.readOnly && (
          <>
            <MoveMenuItem records={[intent]} name={shortTitle(intent)} />
            <MenuItem icon="tag" keepsOpen onSelect={() => edit("labels")}>
              {text.editLabels}
            </MenuItem>
          </>
        )}
        {canEdit(intent) && (
          <MenuItem icon="person" onSelect={() => handOver(intent)}>
            {isOfPerson(intent) ? text.handToAssistant : text.takeOver}
          </MenuItem>
        )}
        {!intent.readOnly && (
          <>
            <MenuLine />
            <DropdownMenu.Label className="px-2.5 pt-1.5 pb-1 text-xs text-faint">{text.moveTo}</DropdownMenu.Label>
            {targets.map((to) => {
              const planned = moveOf(intent, to);
              const refusal = "refusal" in planned ? text.moves[planned.refusal] : null;
              return (
                <DropdownMenu.Item
                  key={to}
                  disabled={refusal !== null}
                  onSelect={() => move(intent, to, true)}
                  className="flex min-h-9 max-w-72 items-start gap-2.5 rounded-lg px-2.5 py-1.5 text-sm outline-none select-none data-disabled:text-faint data-highlighted:bg-hover"
                >
                  <StatusIcon status={to} assignee="PERSON" />
                  <span>
                    {names[to]}
                    {refusal && <span className="block text-xs">{refusal}</span>}
                  </span>
                </DropdownMenu.Item>
              );
            })}
            <MenuLine />
            <MenuItem icon="trash" danger onSelect={() => void attempt(() => remove(intent.id))}>
              {text.delete}
            </MenuItem>
          </>
        )}
      </MenuSurface>
    </DropdownMenu.Root>
  );
}
