import { useState } from "react";
import { Choices } from "@/components/Choices";
import { LoadFailed, Loading } from "@/components/Notice";
import { Toolbar } from "@/components/Toolbar";
import { useLanguage } from "@/lib/language";
import { IntentsChart, TimesChart, TokensChart } from "./charts";
import { type Past, lastDays, statusesOver, summaryOf, timesOver, tokensOver } from "./figures";
import { usePast } from "./usePast";

/** What happened today, and how the last days went. */
export function OverviewPage() {
  const { text } = useLanguage();
  const [span, setSpan] = useState<"7" | "30">("7");
  const days = lastDays(Number(span));
  const { past, failure, reload } = usePast(days);
  if (!past && failure) return <LoadFailed title={text.overview.failed} failure={failure} onRetry={reload} />;
  if (!past) return <Loading />;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-6xl px-4 pb-10">
        <TodayNumbers past={past} />
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
          <IntentsChart rows={statusesOver(days, past.intents)} />
          <TimesChart rows={timesOver(days, past)} />
          <div className="min-w-0 lg:col-span-2">
            <TokensChart rows={tokensOver(days, past)} />
          </div>
        </div>
      </div>
    </div>
  );
}

function TodayNumbers({ past }: { past: Past }) {
  const { language, text } = useLanguage();
  const [today] = lastDays(1);
  if (!today) return null;
  const { said, answered, completed, failed, seconds } = summaryOf(today, past);
  const number = new Intl.NumberFormat(language);
  const time = new Intl.NumberFormat(language, { style: "unit", unit: "second", maximumFractionDigits: 1 });
  const numbers = [
    [text.overview.said, number.format(said)],
    [text.overview.answered, number.format(answered)],
    [text.overview.answerTime, seconds === null ? "–" : time.format(seconds)],
    [text.overview.completed, number.format(completed)],
    [text.overview.failedToday, number.format(failed)],
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
