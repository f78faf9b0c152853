import { type KeyboardEvent, useId, useState } from "react";
import { Button } from "@/components/Button";
import { fieldLook } from "@/components/Field";
import { useAttempt } from "@/components/Toasts";
import { useLanguage } from "@/lib/language";
import { useRequest } from "@/lib/request";
import { chosenZone, deviceZone, setChosenZone } from "@/lib/zone";
import { ChooseZone } from "./documents";
import { findZones } from "./zones";

const DEVICE = null;

/** The time zone of the account: that of the device, or one that is searched for by name. */
export function ZoneField() {
  const { text } = useLanguage();
  const request = useRequest();
  const attempt = useAttempt();
  const [searching, setSearching] = useState(false);
  const chosen = chosenZone();
  const asDevice = `${text.settings.asDevice} (${deviceZone()})`;
  const choose = async (zone: string | null) => {
    setSearching(false);
    await attempt(async () => {
      const device = zone === null ? deviceZone() : null;
      const { updateViewer } = await request(ChooseZone, { zone, device, follow: zone === null });
      setChosenZone(updateViewer.chosenTimezone);
    });
  };
  if (searching) return <ZoneSearch asDevice={asDevice} onChoose={choose} onClose={() => setSearching(false)} />;
  return (
    <div className="flex max-w-80 flex-wrap items-center justify-end gap-2 text-sm">
      <span className="wrap-anywhere">{chosen ?? asDevice}</span>
      <Button onClick={() => setSearching(true)}>{text.settings.changeZone}</Button>
    </div>
  );
}

type SearchProps = { asDevice: string; onChoose: (zone: string | null) => Promise<void>; onClose: () => void };

function ZoneSearch({ asDevice, onChoose, onClose }: SearchProps) {
  const { language, text } = useLanguage();
  const list = useId();
  const [words, setWords] = useState("");
  const [active, setActive] = useState(0);
  const zones = findZones(words, language);
  const rows = [
    ...(words.trim() === "" ? [{ id: DEVICE, name: asDevice, hint: "" }] : []),
    ...zones.map(({ id, city, name, offset }) => ({ id, name: city, hint: `${name} · ${offset}` })),
  ];
  const current = Math.min(active, rows.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = rows[current];
    if (step !== undefined && rows.length > 0) {
      const next = (current + step + rows.length) % rows.length;
      setActive(next);
      document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Escape") onClose();
    else if (event.key === "Enter" && row) void onChoose(row.id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="w-80 max-w-full">
      <input
        autoFocus
        role="combobox"
        aria-label={text.settings.zone}
        aria-expanded={rows.length > 0}
        aria-controls={list}
        aria-activedescendant={rows.length > 0 ? `${list}-${current}` : undefined}
        placeholder={text.settings.findZone}
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        onBlur={onClose}
        className={fieldLook}
      />
      <ul
        id={list}
        role="listbox"
        aria-label={text.settings.zone}
        // The field keeps the focus, which a click on an option would take.
        onMouseDown={(event) => event.preventDefault()}
        className="mt-1 max-h-72 overflow-y-auto rounded-lg border border-line bg-raised p-1 empty:hidden"
      >
        {rows.map(({ id, name, hint }, index) => (
          <li
            key={id ?? ""}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === current}
            onPointerMove={() => setActive(index)}
            onClick={() => void onChoose(id)}
            className="cursor-pointer rounded-md px-2 py-1.5 text-sm aria-selected:bg-hover"
          >
            <span className="block wrap-anywhere">{name}</span>
            {hint && <span className="block text-xs wrap-anywhere text-soft">{hint}</span>}
          </li>
        ))}
      </ul>
      <p role="status" className="mt-1 text-xs text-faint empty:hidden">
        {rows.length === 0 && text.settings.noZone}
      </p>
    </div>
  );
}
