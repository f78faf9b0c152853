import { useState } from "react";
import { FormDialog } from "@/components/Dialog";
import { Icon } from "@/components/Icon";
import { fileSize } from "@/lib/fileSize";
import { useLanguage } from "@/lib/language";
import type { Message } from "./useMessages";

type Attachment = Message["attachments"][number];

/** The files of a message: pictures are shown, everything is a download. */
export function Attachments({ files }: { files: readonly Attachment[] }) {
  const { text } = useLanguage();
  if (files.length === 0) return null;
  return (
    <ul aria-label={text.chat.files.attached} className="mt-1.5 flex max-w-full flex-wrap justify-end gap-2">
      {files.map((file) => (
        <li key={file.id} className="max-w-full">
          {file.thumbnailUrl ? <Picture file={file} thumbnail={file.thumbnailUrl} /> : <FileLink file={file} />}
        </li>
      ))}
    </ul>
  );
}

function Picture({ file, thumbnail }: { file: Attachment; thumbnail: string }) {
  const { text } = useLanguage();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        aria-label={text.chat.files.open(file.name)}
        title={file.name}
        onClick={() => setOpen(true)}
        className="block overflow-hidden rounded-xl border border-line transition-colors hover:border-edge"
      >
        {/* The height is fixed, so that nothing moves when the picture arrives. */}
        <img src={thumbnail} alt={file.name} loading="lazy" className="h-32 max-w-64 min-w-16 bg-hover object-cover" />
      </button>
      <FormDialog open={open} onOpenChange={setOpen} title={file.name} wide>
        <img src={file.url} alt={file.name} className="mx-auto max-h-[68dvh] rounded-lg object-contain" />
        <div className="mt-4 flex justify-end">
          <FileLink file={file} />
        </div>
      </FormDialog>
    </>
  );
}

function FileLink({ file }: { file: Attachment }) {
  const { text, language } = useLanguage();
  return (
    <a
      href={file.url}
      download={file.name}
      aria-label={text.chat.files.download(file.name)}
      className="flex max-w-72 items-center gap-2 rounded-xl border border-line px-3 py-2 text-sm transition-colors hover:border-edge hover:bg-hover"
    >
      <Icon name={file.mediaType.startsWith("image/") ? "image" : "page"} className="size-5 text-soft" />
      <span className="min-w-0 truncate">{file.name}</span>
      <span className="shrink-0 text-xs text-faint">{fileSize(file.size, language)}</span>
      <Icon name="download" className="text-soft" />
    </a>
  );
}
