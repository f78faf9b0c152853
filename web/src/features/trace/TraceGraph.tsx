import { useEffect, useState } from "react";
import { Icon } from "@/components/Icon";
import { LoadFailed, Loading } from "@/components/Notice";
import { kindIcons } from "@/components/kindIcons";
import { RouteLink } from "@/components/RouteLink";
import type { SubjectFieldsFragment } from "@/gql/graphql";
import { clockTime, fullDate } from "@/lib/dates";
import { useLanguage } from "@/lib/language";
import { type RequestFailure, toFailure, useRequest } from "@/lib/request";
import { type Subject, subjectOf } from "@/lib/subject";
import { Trace, TracedSubject } from "./documents";
import { type Arrow, type Placed, layOut } from "./layout";

const WIDTH = 212;
const HEIGHT = 58;
const GAP_X = 36;
const GAP_Y = 14;
const MOST = 60;

type Drawn = { placed: readonly Placed[]; arrows: readonly Arrow[]; nodes: ReadonlyMap<string, SubjectFieldsFragment> };

/** The causes and effects of a row as a graph from left to right. A new `version` reads it again. */
export function TraceGraph({ id, version }: { id: string; version: number }) {
  const { text } = useLanguage();
  const request = useRequest();
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let current = true;
    const read = async () => {
      const { trace } = await request(Trace, { id });
      const { placed, arrows } = layOut(trace);
      const shown = placed.slice(0, MOST);
      const nodes = new Map<string, SubjectFieldsFragment>();
      await Promise.all(
        shown.map(async (each) => {
          const node = await request(TracedSubject, { id: each.id }).then(
            (data) => data.node,
            // Rows that were deleted meanwhile stay in the graph without a name.
            () => null,
          );
          if (node) nodes.set(each.id, node);
        }),
      );
      return { placed: shown, arrows: arrows.filter(({ to }) => shown.includes(to)), nodes };
    };
    read().then(
      (next) => {
        if (!current) return;
        setDrawn(next);
        setFailure(null);
      },
      (error: unknown) => current && setFailure(toFailure(error)),
    );
    return () => {
      current = false;
    };
  }, [request, id, version, times]);

  if (failure) {
    return <LoadFailed title={text.trace.failed} failure={failure} onRetry={() => setTimes((now) => now + 1)} />;
  }
  if (!drawn) return <Loading />;
  return <Graph {...drawn} current={id} />;
}

const left = ({ column }: Placed) => column * (WIDTH + GAP_X);
const top = ({ row }: Placed) => row * (HEIGHT + GAP_Y);

function Graph({ placed, arrows, nodes, current }: Drawn & { current: string }) {
  const { text, translate } = useLanguage();
  const subjectFor = (id: string): Subject | null => {
    const node = nodes.get(id);
    return node ? subjectOf(node, translate) : null;
  };
  const width = Math.max(...placed.map(left)) + WIDTH;
  const height = Math.max(...placed.map(top)) + HEIGHT;
  return (
    <div tabIndex={0} role="region" aria-label={text.trace.title} className="overflow-x-auto pb-2">
      <div className="relative" style={{ width, height }}>
        <svg aria-hidden="true" width={width} height={height} className="absolute inset-0 text-edge">
          {arrows.map(({ from, to }) => (
            <path key={`${from.id}-${to.id}`} d={curve(from, to)} fill="none" stroke="currentColor" strokeWidth="1.5" />
          ))}
        </svg>
        <ol>
          {placed.map((each) => (
            <li
              key={each.id}
              className="absolute"
              style={{ left: left(each), top: top(each), width: WIDTH, height: HEIGHT }}
            >
              <Box placed={each} subject={subjectFor(each.id)} current={each.id === current} />
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function curve(from: Placed, to: Placed): string {
  const [x1, y1] = [left(from) + WIDTH, top(from) + HEIGHT / 2];
  const [x2, y2] = [left(to), top(to) + HEIGHT / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

type BoxProps = { placed: Placed; subject: Subject | null; current: boolean };

function Box({ placed: { last, at }, subject, current }: BoxProps) {
  const { language, text } = useLanguage();
  const look = `flex h-full w-full flex-col justify-center rounded-xl border bg-raised px-2.5 text-xs ${current ? "border-wave" : "border-line"}`;
  const words = (
    <>
      <span className="flex items-center gap-1.5 text-faint">
        {subject && <Icon name={kindIcons[subject.kind]} className="size-3.5" />}
        <span className="truncate">{text.trace.kinds[last.kind]}</span>
        <time dateTime={at} title={fullDate(at, language)} className="ml-auto shrink-0">
          {clockTime(at, language)}
        </time>
      </span>
      <span className="truncate">{subject ? subject.name.trim() || "…" : text.trace.gone}</span>
    </>
  );
  if (!subject) return <div className={look}>{words}</div>;
  return (
    <RouteLink to={subject.route} title={subject.name.slice(0, 300)} className={`${look} hover:border-edge`}>
      {words}
    </RouteLink>
  );
}
