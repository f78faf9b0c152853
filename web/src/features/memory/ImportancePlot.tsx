import { useState } from "react";
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { axisDay } from "@/lib/dates";
import { useLanguage } from "@/lib/language";
import { importanceOver } from "./importance";
import type { Memory } from "./useMemories";

const MOST_LINES = 12;
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];
const colours = ["wave", "moss", "ember", "rust", "edge", "soft"].map((name) => `var(--color-${name})`);

/** The importance of each memory since its last use, and its decay if it is not used again. */
export function ImportancePlot({ memories }: { memories: readonly Memory[] }) {
  const { language, text } = useLanguage();
  const [now] = useState(() => Date.now());
  const shown = memories.slice(0, MOST_LINES);
  const day = (at: unknown) => axisDay(Number(at), language);
  const percent = (value: unknown) => new Intl.NumberFormat(language, { style: "percent" }).format(Number(value));
  const small = { fontSize: 12, fill: "var(--color-faint)" };
  return (
    <figure className="mb-4 rounded-2xl border border-line bg-raised p-4">
      <figcaption className="mb-2 text-sm font-medium">{text.memory.plot}</figcaption>
      <div className="h-44">
        <ResponsiveContainer width="100%" height="100%">
          <LineChart data={importanceOver(shown, now)} margin={{ top: 8, right: 8, bottom: 0, left: 0 }}>
            <CartesianGrid stroke="var(--color-line)" vertical={false} />
            <XAxis
              dataKey="at"
              type="number"
              scale="time"
              domain={["dataMin", "dataMax"]}
              tickFormatter={day}
              tick={small}
              stroke="var(--color-line)"
              minTickGap={24}
            />
            <YAxis
              domain={[0, 1]}
              ticks={QUARTERS}
              interval={0}
              tickFormatter={percent}
              tick={small}
              stroke="none"
              width={44}
            />
            <ReferenceLine
              x={now}
              stroke="var(--color-edge)"
              strokeDasharray="3 3"
              label={{ value: text.memory.now, position: "insideTopLeft", ...small }}
            />
            <Tooltip
              labelFormatter={day}
              formatter={(value) => percent(value)}
              contentStyle={{
                background: "var(--color-raised)",
                border: "1px solid var(--color-line)",
                borderRadius: 12,
                fontSize: 12,
                maxWidth: "20rem",
                whiteSpace: "normal",
              }}
            />
            {shown.map((memory, index) => (
              <Line
                key={memory.id}
                dataKey={memory.id}
                name={memory.content.slice(0, 48)}
                stroke={colours[index % colours.length] ?? "var(--color-wave)"}
                dot={false}
                strokeWidth={1.6}
                isAnimationActive={false}
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}
