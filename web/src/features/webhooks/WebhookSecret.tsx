import { Banner } from "@/components/Banner";
import { Button } from "@/components/Button";
import { useCopy } from "@/components/useCopy";
import { useText } from "@/lib/language";

/** A new secret, which is shown only now. */
export function WebhookSecret({ secret }: { secret: string }) {
  const { webhooks: text } = useText();
  const [copied, copy] = useCopy();
  return (
    <Banner role="status" icon="info" title={text.secret}>
      <p className="my-1.5 font-mono text-xs wrap-anywhere">{secret}</p>
      <Button icon={copied ? "check" : "copy"} onClick={() => copy(secret)}>
        {copied ? text.copied : text.copy}
      </Button>
    </Banner>
  );
}
