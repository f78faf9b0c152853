import type { Citation } from "@/components/citations/context";
import { citedSubject } from "@/components/citations/subject";
import { DecisionState } from "@/components/DecisionState";
import { Icon } from "@/components/Icon";
import { RouteLink } from "@/components/RouteLink";
import { kindIcons } from "@/components/kindIcons";
import { fullDate } from "@/lib/dates";
import { useLanguage } from "@/lib/language";
import { plainText } from "@/lib/plainText";

/** A cited record: its kind, date, title, the beginning of its text, and the link to it. */
export function CitationCard({ citation, onOpen }: { citation: Citation; onOpen: () => void }) {
  const { language, text } = useLanguage();
  const subject = citedSubject(citation);
  if (!subject || !citation.text) return null;
  const { title, excerpt, recordedAt } = citation.text;
  const isTitled = subject.kind === "Decision" || subject.kind === "Specification";
  const body = plainText(excerpt);
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-xs text-faint">
        <Icon name={kindIcons[subject.kind]} className="size-3.5" />
        <span>{text.citations.kinds[citation.kind]}</span>
        <time dateTime={recordedAt}>{fullDate(recordedAt, language)}</time>
        <DecisionState status={subject.decisionStatus} />
      </p>
      {isTitled && <p className="mt-1 font-medium wrap-anywhere">{title}</p>}
      {body !== "" && <p className="mt-1 line-clamp-6 wrap-anywhere text-soft">{body}</p>}
      <RouteLink
        to={subject.route}
        onOpen={onOpen}
        className="mt-2 inline-flex min-h-8 items-center gap-1 text-wave underline underline-offset-2"
      >
        {text.citations.open}
      </RouteLink>
    </>
  );
}
