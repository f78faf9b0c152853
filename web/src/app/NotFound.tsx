import { Button } from "@/components/Button";
import { EmptyState } from "@/components/Notice";
import { useText } from "@/lib/language";
import { navigate, toConversation } from "@/lib/route";

/** Shown for an address that the client does not have. */
export function NotFound() {
  const text = useText();
  return (
    <div className="m-auto flex flex-col items-center pb-10">
      <EmptyState icon="info" title={text.notFound.title} hint={text.notFound.hint} />
      <Button look="primary" onClick={() => navigate(toConversation(null))}>
        {text.notFound.home}
      </Button>
    </div>
  );
}
