import { useNavItems } from "@/app/navigation";
import { FormDialog } from "@/components/Dialog";
import { useText } from "@/lib/language";
import { useHasProjects } from "@/lib/projects";

type ShortcutsProps = { open: boolean; onOpenChange: (open: boolean) => void };

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const MOD = isMac ? "⌘" : "Ctrl";

/** The list of all keyboard shortcuts. */
export function ShortcutsDialog({ open, onOpenChange }: ShortcutsProps) {
  const text = useText();
  const navItems = useNavItems();
  const hasProjects = useHasProjects();
  const { shortcuts, pages } = text;
  const groups: [string, [string[], string][]][] = [
    [
      shortcuts.everywhere,
      [
        [[MOD, "K"], shortcuts.search],
        ...(hasProjects ? [[[MOD, "P"], text.projects.switch] satisfies [string[], string]] : []),
        [["?"], shortcuts.sheet],
        [["N"], text.conversations.new],
        [["T"], shortcuts.task],
        [["/"], shortcuts.field],
        [["Shift", "Enter"], shortcuts.rateKey],
        [["Esc"], shortcuts.close],
      ],
    ],
    [shortcuts.go, navItems.map(({ page, key }): [string[], string] => [["G", key.toUpperCase()], pages[page]])],
    [
      shortcuts.intents,
      [
        [["↑", "↓", "←", "→"], shortcuts.arrows],
        [["Enter"], text.intents.open],
        [["M"], shortcuts.menuKey],
        [["Shift", "← →"], shortcuts.moveKeys],
        [["Space"], shortcuts.selectKey],
        [["S"], shortcuts.startKey],
        [["C"], shortcuts.completeKey],
        [["X"], shortcuts.cancelKey],
        [["E"], text.intents.editTitleHere],
        [["D"], text.intents.editDue],
        [["L"], text.intents.editLabels],
        [["P"], text.intents.editPriority],
        [["A"], shortcuts.handKey],
      ],
    ],
    [
      shortcuts.review,
      [
        [["↑", "↓"], shortcuts.arrows],
        [["K"], text.memory.review.keep],
        [["E"], text.memory.edit],
        [["F"], text.memory.review.forget],
      ],
    ],
    [
      shortcuts.writing,
      [
        [["Enter"], text.chat.send],
        [["Shift", "Enter"], shortcuts.newLine],
      ],
    ],
  ];
  return (
    <FormDialog open={open} onOpenChange={onOpenChange} title={shortcuts.title}>
      <div className="space-y-5">
        {groups.map(([name, rows]) => (
          <section key={name}>
            <h3 className="mb-1.5 text-xs font-medium text-faint">{name}</h3>
            <dl className="divide-y divide-line text-sm">
              {rows.map(([keys, what]) => (
                <div key={what} className="flex items-center justify-between gap-4 py-1.5">
                  <dt>{what}</dt>
                  <dd className="flex gap-1">
                    {keys.map((key) => (
                      <kbd
                        key={key}
                        className="min-w-6 rounded-md border border-line bg-paper px-1.5 py-0.5 text-center font-mono text-xs"
                      >
                        {key}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </FormDialog>
  );
}
