import type { ReactNode } from "react";
import {
  Area,
  AreaChart,
  Bar,
  BarChart,
  CartesianGrid,
  Legend,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { axisDay } from "@/lib/dates";
import type { IntentStatus } from "@/gql/graphql";
import { type Language, useLanguage } from "@/lib/language";
import type { StatusDay, TimesDay, TokensDay } from "./figures";

const STATUS_COLOURS: readonly [IntentStatus, string][] = [
  ["COMPLETED", "var(--color-moss)"],
  ["PROCESSING", "var(--color-wave)"],
  ["PENDING", "var(--color-edge)"],
  ["AWAITING_CONFIRMATION", "var(--color-ember)"],
  ["FAILED", "var(--color-rust)"],
  ["CANCELLED", "var(--color-faint)"],
];

/** The number of intents by status at the end of each day. */
export function IntentsChart({ rows }: { rows: StatusDay[] }) {
  const { language, text } = useLanguage();
  return (
    <Chart
      title={text.overview.intents}
      rows={rows}
      columns={STATUS_COLOURS.map(([status]) => [status, text.intents.status[status]])}
    >
      <AreaChart data={rows} margin={MARGIN}>
        {frame(language)}
        {STATUS_COLOURS.map(([status, colour]) => (
          <Area
            key={status}
            type="monotone"
            dataKey={status}
            name={text.intents.status[status]}
            stackId="status"
            stroke={colour}
            fill={colour}
            fillOpacity={0.35}
            isAnimationActive={false}
          />
        ))}
      </AreaChart>
    </Chart>
  );
}

/** The median times of replies and intents. */
export function TimesChart({ rows }: { rows: TimesDay[] }) {
  const { language, text } = useLanguage();
  return (
    <Chart
      title={text.overview.times}
      rows={rows}
      columns={[
        ["answer", text.overview.answerTime],
        ["intent", text.overview.intentTime],
      ]}
    >
      <LineChart data={rows} margin={MARGIN}>
        {frame(language, true)}
        <Line
          type="monotone"
          dataKey="answer"
          name={text.overview.answerTime}
          stroke="var(--color-wave)"
          strokeWidth={2}
          connectNulls
          isAnimationActive={false}
        />
        <Line
          type="monotone"
          dataKey="intent"
          name={text.overview.intentTime}
          stroke="var(--color-ember)"
          strokeWidth={2}
          connectNulls
          isAnimationActive={false}
        />
      </LineChart>
    </Chart>
  );
}

/** The tokens that the model read and wrote. */
export function TokensChart({ rows }: { rows: TokensDay[] }) {
  const { language, text } = useLanguage();
  const parts = [
    ["input", text.overview.input, "var(--color-wave)"],
    ["cached", text.overview.cached, "var(--color-edge)"],
    ["output", text.overview.output, "var(--color-moss)"],
  ] as const;
  return (
    <Chart title={text.overview.tokens} rows={rows} columns={parts.map(([key, name]) => [key, name])}>
      <BarChart data={rows} margin={MARGIN}>
        {frame(language)}
        {parts.map(([key, name, colour]) => (
          <Bar key={key} dataKey={key} name={name} stackId="tokens" fill={colour} isAnimationActive={false} />
        ))}
      </BarChart>
    </Chart>
  );
}

const MARGIN = { top: 8, right: 8, bottom: 0, left: 0 };
const SMALL = { fontSize: 12, fill: "var(--color-faint)" };

const shortDay = (language: Language) => (day: unknown) => axisDay(Number(day), language, true);

// Below one, a single decimal place would give several axis ticks the same label.
const shortNumber = (language: Language) => (value: unknown) =>
  new Intl.NumberFormat(language, {
    notation: "compact",
    ...(Math.abs(Number(value)) < 1 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 1 }),
  }).format(Number(value));

/** Axes, grid, tooltip and legend, the same in every chart. */
function frame(language: Language, fractions = false): ReactNode {
  return (
    <>
      <CartesianGrid stroke="var(--color-line)" vertical={false} />
      <XAxis dataKey="day" tickFormatter={shortDay(language)} tick={SMALL} stroke="var(--color-line)" minTickGap={6} />
      <YAxis tickFormatter={shortNumber(language)} tick={SMALL} stroke="none" width={40} allowDecimals={fractions} />
      <Tooltip
        labelFormatter={shortDay(language)}
        formatter={(value) => shortNumber(language)(value)}
        contentStyle={{
          background: "var(--color-raised)",
          border: "1px solid var(--color-line)",
          borderRadius: 12,
          fontSize: 13,
        }}
        cursor={{ stroke: "var(--color-edge)", fill: "var(--color-hover)" }}
      />
      <Legend
        // Keeps the drawing order.
        itemSorter={null}
        iconType="circle"
        iconSize={8}
        wrapperStyle={{ fontSize: 12 }}
        formatter={(name) => <span className="text-soft">{name}</span>}
      />
    </>
  );
}

type Row = { day: number };
type ChartProps<T extends Row> = {
  title: string;
  rows: readonly T[];
  columns: readonly (readonly [keyof T & string, string])[];
  children: ReactNode;
};

/** A chart with a title, and the same numbers as an accessible table. */
function Chart<T extends Row>({ title, rows, columns, children }: ChartProps<T>) {
  const { language, text } = useLanguage();
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const cell = (value: unknown) => (typeof value === "number" ? number.format(value) : "–");
  return (
    <figure className="min-w-0 rounded-2xl border border-line bg-raised p-4">
      <figcaption className="mb-2 text-sm font-medium">{title}</figcaption>
      <div className="h-60">
        <ResponsiveContainer width="100%" height="100%">
          {children}
        </ResponsiveContainer>
      </div>
      <details className="mt-2 text-sm">
        <summary className="text-xs text-faint">{text.overview.asTable}</summary>
        <div tabIndex={0} role="region" aria-label={title} className="mt-2 max-h-60 overflow-auto">
          <table className="w-full text-xs tabular-nums">
            <thead>
              <tr className="text-faint">
                <th className="pr-2 text-start font-medium">{text.overview.day}</th>
                {columns.map(([key, name]) => (
                  <th key={key} className="px-2 text-end font-medium">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.day} className="border-t border-line">
                  <th className="py-1 pr-2 text-start font-normal">{shortDay(language)(row.day)}</th>
                  {columns.map(([key]) => (
                    <td key={key} className="px-2 text-end">
                      {cell(row[key])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
