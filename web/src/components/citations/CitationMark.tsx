import { Popover } from "radix-ui";
import { type FocusEvent, type PointerEvent, use, useEffect, useRef, useState } from "react";
import { type Citation, CitationsContext } from "@/components/citations/context";
import { CitationCard } from "@/components/citations/CitationCard";
import { useEscape } from "@/components/useEscape";
import { useText } from "@/lib/language";

const LEAVE_MS = 150;
const look = "text-[0.72em] leading-none align-super font-medium tabular-nums";

/** `[3]` or `[3, 4]` in a text: buttons that show the records, or the text itself when a number is no citation. */
export function CitationMark({ bracket }: { bracket: string }) {
  const { citations, unfinished } = use(CitationsContext);
  const numbers = bracket.match(/\d+/g)?.map(Number) ?? [];
  const cited = numbers.flatMap((number) => citations.find((each) => each.number === number) ?? []);
  if (cited.length < numbers.length) {
    return unfinished && numbers.length === 1 ? <span className={`${look} text-faint`}>{bracket}</span> : bracket;
  }
  return cited.map((citation, index) => <KnownMark key={index} citation={citation} />);
}

function KnownMark({ citation }: { citation: Citation }) {
  const text = useText();
  if (citation.text && citation.record) return <CitationButton citation={citation} />;
  return (
    <span className={`${look} text-faint`} title={text.citations.gone}>
      [{citation.number}]
    </span>
  );
}

/** Opens by pointer, by keyboard focus and by a tap; a click or Enter moves the focus into the card. */
function CitationButton({ citation }: { citation: Citation }) {
  const text = useText();
  const card = useCard();
  const { open, button, content } = card;
  return (
    <Popover.Root open={open} onOpenChange={card.setOpen}>
      <Popover.Anchor asChild>
        <button
          ref={button}
          type="button"
          aria-label={text.citations.label(citation.number, citation.text?.title ?? "")}
          aria-haspopup="dialog"
          aria-expanded={open}
          onClick={card.enter}
          onFocus={card.onFocus}
          onBlur={card.onBlur}
          onPointerEnter={card.onPointerEnter}
          onPointerLeave={card.onPointerLeave}
          className={`${look} relative cursor-pointer rounded px-px text-wave select-text after:absolute after:-inset-x-1 after:-inset-y-2 hover:underline`}
        >
          [{citation.number}]
        </button>
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          ref={content}
          side="top"
          sideOffset={6}
          collisionPadding={8}
          tabIndex={-1}
          aria-label={text.citations.card(citation.number)}
          onOpenAutoFocus={card.onOpenAutoFocus}
          onCloseAutoFocus={card.onCloseAutoFocus}
          onInteractOutside={card.onInteractOutside}
          onPointerEnter={card.onPointerEnter}
          onPointerLeave={card.onPointerLeave}
          onBlur={card.onBlur}
          className="z-50 w-80 max-w-[calc(100vw-1rem)] animate-rise rounded-xl border border-line bg-raised p-3 text-sm shadow-lg"
        >
          <CitationCard citation={citation} onOpen={() => card.setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function useCard() {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const entering = useRef(false);
  const returning = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEscape(open, () => setOpen(false));
  useEffect(() => () => clearTimeout(timer.current), []);
  const show = () => {
    clearTimeout(timer.current);
    setOpen(true);
  };
  const hasFocus = () => content.current?.contains(document.activeElement) === true;
  return {
    open,
    setOpen,
    button,
    content,
    enter: () => {
      if (open) content.current?.focus();
      else entering.current = true;
      show();
    },
    onFocus: (event: FocusEvent<HTMLElement>) => {
      if (!returning.current && event.currentTarget.matches(":focus-visible")) show();
      returning.current = false;
    },
    onBlur: ({ relatedTarget }: FocusEvent<HTMLElement>) => {
      if (relatedTarget === null || relatedTarget === button.current) return;
      if (!content.current?.contains(relatedTarget)) setOpen(false);
    },
    onPointerEnter: ({ pointerType }: PointerEvent) => {
      if (pointerType === "mouse") show();
    },
    onPointerLeave: ({ pointerType }: PointerEvent) => {
      if (pointerType !== "mouse" || hasFocus()) return;
      timer.current = setTimeout(() => setOpen(false), LEAVE_MS);
    },
    onOpenAutoFocus: (event: Event) => {
      event.preventDefault();
      if (entering.current) content.current?.focus();
      entering.current = false;
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      if (!hasFocus() && document.activeElement !== document.body) return;
      returning.current = true;
      button.current?.focus();
    },
    onInteractOutside: (event: Event) => {
      if (button.current?.contains(event.target as Node)) event.preventDefault();
    },
  };
}
