import { Button } from "@/components/Button";
import { beginDraft } from "@/lib/draft";
import { useText } from "@/lib/language";
import { navigate, toConversation } from "@/lib/route";

/** Opens a new conversation with an example in its field, which the reader can change before sending it. */
export function TryInChat({ example }: { example: string }) {
  const { introduction: text } = useText();
  const open = () => {
    beginDraft(null, example);
    navigate(toConversation(null));
  };
  return (
    <div className="mt-4 flex max-w-80 flex-col items-center gap-2">
      <q className="text-sm text-balance text-soft">{example}</q>
      <Button icon="chat" onClick={open}>
        {text.tryIt}
      </Button>
    </div>
  );
}
