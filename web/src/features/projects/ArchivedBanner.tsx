import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { useAttempt } from "@/components/Toasts";
import { useText } from "@/lib/language";
import { useProjectList } from "./useProjectList";

/** Says that the chosen project is archived, and offers to restore it. */
export function ArchivedBanner() {
  const { projects: text } = useText();
  const attempt = useAttempt();
  const { current, archive } = useProjectList();
  if (!current?.archived) return null;
  return (
    <Banner
      shape="bar"
      icon="archive"
      actions={
        current.role === "ADMIN" && (
          <Button
            className="min-h-7! py-0.5! whitespace-nowrap"
            onClick={() => void attempt(() => archive(current, false))}
          >
            {text.restore}
          </Button>
        )
      }
    >
      {text.isArchived}
    </Banner>
  );
}
