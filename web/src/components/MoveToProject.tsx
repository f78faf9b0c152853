import { Button } from "@/components/Button";
import { Menu, MenuItem, SubMenu } from "@/components/Menu";
import { useAttempt } from "@/components/Toasts";
import { type Movable, useMove, useTargets } from "@/components/useMove";
import { useText } from "@/lib/language";
import type { ProjectName } from "@/lib/projects";

type MoveProps = {
  records: readonly Movable[];
  /** What the toast says that was moved; empty for several records. */
  name?: string;
  onMoved?: () => void;
};

function useItems({ records, name = "", onMoved }: MoveProps) {
  const attempt = useAttempt();
  const move = useMove();
  const targets = useTargets(records);
  const item = (target: ProjectName) => (
    <MenuItem
      key={target.id}
      icon="folder"
      onSelect={() =>
        void attempt(() => move(records, name, target)).then((done) => {
          if (done) onMoved?.();
        })
      }
    >
      <span className="max-w-60 truncate">{target.name}</span>
    </MenuItem>
  );
  return targets.map(item);
}

/** An item of a menu that opens the list of projects; nothing when there is no other project. */
export function MoveMenuItem(props: MoveProps) {
  const { projects: text } = useText();
  const items = useItems(props);
  if (items.length === 0) return null;
  return (
    <SubMenu icon="folder" name={text.move}>
      {items}
    </SubMenu>
  );
}

/** A button that opens the list of projects; nothing when there is no other project. */
export function MoveButton({ quiet = false, ...props }: MoveProps & { quiet?: boolean }) {
  const { projects: text } = useText();
  const items = useItems(props);
  if (items.length === 0) return null;
  return (
    <Menu
      align="start"
      trigger={
        <Button icon="folder" look={quiet ? "quiet" : "outline"}>
          {text.move}
        </Button>
      }
    >
      {items}
    </Menu>
  );
}
