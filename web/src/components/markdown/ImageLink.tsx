import { Icon } from "@/components/Icon";
import { useText } from "@/lib/language";

/** An image of another host as a link. */
export function ImageLink({ src, alt }: { src: string; alt: string }) {
  const text = useText();
  return (
    <a href={src} target="_blank" rel="noreferrer noopener">
      <Icon name="image" className="mr-1 inline size-[1.1em]" />
      {alt || text.chat.imageLink}
    </a>
  );
}
