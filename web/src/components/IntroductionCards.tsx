import { Button, IconButton } from "@/components/Button";
import { Icon, type IconName } from "@/components/Icon";
import { type IntroductionCard, useIntroduction } from "@/lib/introduction";
import { useText } from "@/lib/language";

const icons: Record<IntroductionCard, IconName> = { companion: "chat", intent: "board", decision: "fork" };

/** Says in plain words what the companion does, and what an intent and a decision are; each card fills in an example. */
export function IntroductionCards({ onTry }: { onTry: (example: string) => void }) {
  const { introduction: text } = useText();
  const [cards, hide] = useIntroduction();
  if (cards.length === 0) return null;
  return (
    <section aria-label={text.title} className="mt-8 w-full">
      <ul className="grid gap-3 text-start sm:grid-cols-3">
        {cards.map((card) => {
          const { title, body, example } = text.cards[card];
          return (
            <li key={card} className="flex flex-col rounded-xl border border-line bg-raised p-3.5">
              <div className="flex items-start gap-2">
                <Icon name={icons[card]} className="mt-0.5 size-4.5 text-wave" />
                <h2 className="min-w-0 flex-1 text-sm font-semibold text-balance">{title}</h2>
                <IconButton
                  small
                  icon="close"
                  label={`${text.dismiss}: ${title}`}
                  className="-mt-1.5 -mr-1.5"
                  onClick={() => hide(card)}
                />
              </div>
              <p className="mt-1 flex-1 text-sm text-soft">{body}</p>
              <Button className="mt-3 w-full text-xs" title={example} onClick={() => onTry(example)}>
                {text.tryIt}
                <span className="sr-only">: {example}</span>
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
