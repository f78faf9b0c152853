import { useText } from "@/lib/language";

/** The progress bar of an intent; nothing when the progress is unknown. */
export function Progress({ progress }: { progress: number | null }) {
  const text = useText();
  if (progress === null) return null;
  return (
    <div
      role="progressbar"
      aria-label={text.intents.status.PROCESSING}
      aria-valuenow={Math.round(progress * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      className="mt-2 h-1 overflow-hidden rounded-full bg-hover"
    >
      <div className="h-full rounded-full bg-wave transition-[width]" style={{ width: `${progress * 100}%` }} />
    </div>
  );
}
