import { IconButton } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { useFailureText } from "@/components/useFailureText";
import { useLanguage } from "@/lib/language";
import { fileSize } from "@/lib/fileSize";
import type { DraftFile } from "./draftFiles";

type ListProps = { files: readonly DraftFile[]; onRemove: (key: string) => void; onRetry: (key: string) => void };

/** The files of the unsent message, with the progress of their uploads. */
export function DraftFileList({ files, onRemove, onRetry }: ListProps) {
  const { text } = useLanguage();
  if (files.length === 0) return null;
  return (
    <ul aria-label={text.chat.files.attached} className="flex flex-wrap gap-2 px-1 pt-1 pb-2">
      {files.map((file) => (
        <li key={file.key}>
          <DraftFileChip file={file} onRemove={() => onRemove(file.key)} onRetry={() => onRetry(file.key)} />
        </li>
      ))}
    </ul>
  );
}

function DraftFileChip({ file, onRemove, onRetry }: { file: DraftFile; onRemove: () => void; onRetry: () => void }) {
  const { text, language } = useLanguage();
  const reason = useFailureText();
  const { name, stored, failure, progress } = file;
  const isPicture = file.type.startsWith("image/");
  const percent = Math.round(progress * 100);
  return (
    <div
      className={`flex max-w-72 items-center gap-2 rounded-xl border py-1 pr-1 pl-2 text-sm ${failure ? "border-rust" : "border-line"}`}
    >
      {stored && isPicture ? (
        <img src={`/files/${stored.id}`} alt="" className="size-10 rounded-md object-cover" />
      ) : (
        <Icon name={isPicture ? "image" : "page"} className="size-6 text-soft" />
      )}
      <div className="min-w-0 flex-1">
        <p className="truncate" title={name}>
          {name}
        </p>
        {failure ? (
          <p role="alert" className="text-xs text-rust">
            {reason(failure)}
          </p>
        ) : stored ? (
          <p className="text-xs text-faint">{fileSize(file.size, language)}</p>
        ) : (
          <progress
            max={100}
            value={percent}
            aria-label={text.chat.files.uploading(name)}
            className="h-1 w-full accent-wave"
          />
        )}
      </div>
      {failure && <IconButton small icon="again" label={text.chat.files.retry(name)} onClick={onRetry} />}
      <IconButton small icon="close" label={text.chat.files.remove(name)} onClick={onRemove} />
    </div>
  );
}
