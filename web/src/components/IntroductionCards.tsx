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
    <section aria-label={text.title} className="mt-4 w-full">
      <ul className="grid gap-2 text-start">
        {cards.map((card) => {
          const { title, body, example } = text.cards[card];
          return (
            <li
              key={card}
              className="grid grid-cols-[auto_1fr_auto] items-start gap-x-2.5 rounded-xl border border-line bg-raised p-2.5 sm:grid-cols-[auto_1fr_auto_auto]"
            >
              <Icon name={icons[card]} className="mt-0.5 size-4.5 text-wave" />
              <div className="min-w-0">
                <h2 className="text-sm font-semibold text-balance">{title}</h2>
                <p className="mt-0.5 text-sm text-soft">{body}</p>
              </div>
              <IconButton
                small
                icon="close"
                label={`${text.dismiss}: ${title}`}
                className="-mt-1.5 -mr-1.5 sm:order-last"
                onClick={() => hide(card)}
              />
              <Button
                className="col-start-2 mt-2.5 min-h-8! self-center py-1! text-xs whitespace-nowrap sm:col-start-auto sm:mt-0"
                title={example}
                onClick={() => onTry(example)}
              >
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
