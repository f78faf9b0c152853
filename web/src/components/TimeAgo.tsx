import { useEffect, useState } from "react";
import { fullDate, timeAgo } from "@/lib/dates";
import { useLanguage } from "@/lib/language";

const REFRESH_MS = 30_000;

/** A relative time that is updated while it is shown. */
export function TimeAgo({ at, className = "" }: { at: string; className?: string }) {
  const { language } = useLanguage();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  // A time after the last update of the clock is shown as now, not as the future.
  return (
    <time dateTime={at} title={fullDate(at, language)} className={className}>
      {timeAgo(at, language, Math.max(now, Date.parse(at)))}
    </time>
  );
}
