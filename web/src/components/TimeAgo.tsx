import { useEffect, useState } from "react";
import { fullDate, timeAgo } from "@/lib/dates";
import { useLanguage } from "@/lib/language";

const REFRESH_MS = 30_000;

/** How long ago something was, kept true while it stands on the page. */
export function TimeAgo({ at, className = "" }: { at: string; className?: string }) {
  const { language } = useLanguage();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  // A moment may lie after the last look at the clock; it is never shown as the future.
  return (
    <time dateTime={at} title={fullDate(at, language)} className={className}>
      {timeAgo(at, language, Math.max(now, Date.parse(at)))}
    </time>
  );
}
