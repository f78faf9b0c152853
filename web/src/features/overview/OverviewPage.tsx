import { useState } from "react";
import { Choices } from "@/components/Choices";
import { LoadFailed, Loading } from "@/components/Notice";
import { Toolbar } from "@/components/Toolbar";
import { useLanguage } from "@/lib/language";
import { IntentsChart, TimesChart, TokensChart } from "./charts";
import { type DayFigures, statusesOver, timesOver, tokensOver } from "./figures";
import { useOverview } from "./useOverview";

/** The numbers of today and charts of the last days, of the chosen project or of all. */
export function OverviewPage() {
  const { text } = useLanguage();
  const [span, setSpan] = useState<"7" | "30">("7");
  const { figures, failure, reload } = useOverview(Number(span));
  const today = figures?.at(-1);
  if (!figures && failure) return <LoadFailed title={text.overview.failed} failure={failure} onRetry={reload} />;
  if (!figures || !today) return <Loading />;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-6xl px-4 pb-10">
        <TodayNumbers today={today} />
        <Toolbar>
          <h2 className="mr-2 font-medium">{text.overview.lately}</h2>
          <Choices
            label={text.overview.span}
            value={span}
            onChange={setSpan}
            choices={[
              ["7", text.overview.days(7)],
              ["30", text.overview.days(30)],
            ]}
          />
        </Toolbar>
        <div className="grid gap-4 lg:grid-cols-2">
          <IntentsChart rows={statusesOver(figures)} />
          <TimesChart rows={timesOver(figures)} />
          <div className="min-w-0 lg:col-span-2">
            <TokensChart rows={tokensOver(figures)} />
          </div>
        </div>
      </div>
    </div>
  );
}

function TodayNumbers({ today }: { today: DayFigures }) {
  const { language, text } = useLanguage();
  const number = new Intl.NumberFormat(language);
  const time = new Intl.NumberFormat(language, { style: "unit", unit: "second", maximumFractionDigits: 1 });
  const numbers = [
    [text.overview.said, number.format(today.messages)],
    [text.overview.answered, number.format(today.answers)],
    [text.overview.answerTime, today.answerSeconds == null ? "–" : time.format(today.answerSeconds)],
    [text.overview.completed, number.format(today.completedIntents)],
    [text.overview.failedToday, number.format(today.failedIntents)],
  ] as const;
  return (
    <section aria-label={text.overview.today}>
      <h2 className="pt-4 pb-2 font-medium">{text.overview.today}</h2>
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
        {numbers.map(([name, value]) => (
          <div key={name} className="rounded-2xl border border-line bg-raised px-4 py-3">
            <dt className="text-xs text-faint">{name}</dt>
            <dd className="font-display text-2xl tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
