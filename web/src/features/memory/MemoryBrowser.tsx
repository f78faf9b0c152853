import { Suspense, lazy, useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { Choices } from "@/components/Choices";
import { SelectInput } from "@/components/Field";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { TryInChat } from "@/components/TryInChat";
import { SearchField } from "@/components/SearchField";
import { useAttempt } from "@/components/Toasts";
import { Toolbar } from "@/components/Toolbar";
import type { MemoryKind } from "@/gql/graphql";
import { useText } from "@/lib/language";
import { useFollowProject } from "@/lib/projects";
import { withSelected } from "@/lib/selection";
import { MemoryCard } from "./MemoryCard";
import { MemoryForm } from "./MemoryForm";
import { SelectedMemories } from "./SelectedMemories";
import { type Memories, useMemories } from "./useMemories";
import { Writing } from "@/components/Writing";

const ImportancePlot = lazy(() => import("./ImportancePlot").then((module) => ({ default: module.ImportancePlot })));
const PAUSE_MS = 200;

/** The list of the memories: browse, search by meaning, edit and delete. */
export function MemoryBrowser({ id }: { id: string | null }) {
  const text = useText();
  const attempt = useAttempt();
  const [kind, setKind] = useState<MemoryKind | "ALL">("ALL");
  const [archived, setArchived] = useState(false);
  const [words, setWords] = useState("");
  const [tag, setTag] = useState("");
  const [writing, setWriting] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const memories = useMemories({ kind: kind === "ALL" ? null : kind, archived });
  const { fetchOne, loading, failure, reload, hasMore, loadMore } = memories;
  const found = useFound(memories.search, words.trim());
  useEffect(() => {
    if (id !== null) void attempt(() => fetchOne(id));
  }, [attempt, fetchOne, id]);

  const tags = [...new Set(memories.memories.flatMap((each) => each.tags))].sort();
  const listed = (found ? inOrder(memories.memories, found) : memories.memories).filter(
    (each) => tag === "" || each.tags.includes(tag),
  );
  // The memory of the address is shown first.
  const pointed = memories.all.find((each) => each.id === id);
  useFollowProject(pointed?.project);
  const shown = pointed ? [pointed, ...listed.filter((each) => each.id !== id)] : listed;
  return (
    <>
      <Toolbar>
        <SearchField label={text.memory.find} value={words} onChange={setWords} className="w-64 max-sm:w-full" />
        <Choices
          label={text.memory.kind}
          value={kind}
          onChange={setKind}
          choices={[
            ["ALL", text.memory.all],
            ["LONGTERM", text.memory.kinds.LONGTERM],
            ["WORKING", text.memory.kinds.WORKING],
          ]}
        />
        {tags.length > 0 && (
          <SelectInput label={text.tags} value={tag} onChange={setTag}>
            <option value="">{text.anyTag}</option>
            {tags.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </SelectInput>
        )}
        <label className="flex min-h-9 items-center gap-2 text-sm text-soft">
          <input
            type="checkbox"
            checked={archived}
            onChange={(event) => setArchived(event.target.checked)}
            className="size-4 accent-wave"
          />
          {text.memory.withArchived}
        </label>
        <Writing>
          <Button look="primary" icon="plus" className="ml-auto" onClick={() => setWriting(true)}>
            {text.memory.new}
          </Button>
        </Writing>
      </Toolbar>
      {shown.length > 0 && (
        <Suspense fallback={<Loading />}>
          <ImportancePlot memories={shown} />
        </Suspense>
      )}
      <ul className="space-y-2.5">
        {shown.map((each) => (
          <MemoryCard
            key={each.id}
            memory={each}
            pointed={each.id === id}
            selected={selected.has(each.id)}
            onSelect={(wanted) => setSelected((before) => withSelected(before, each.id, wanted))}
            {...memories}
          />
        ))}
      </ul>
      <SelectedMemories
        selected={shown.filter((each) => selected.has(each.id))}
        onClear={() => setSelected(new Set())}
        {...memories}
      />
      {failure && shown.length === 0 && <LoadFailed title={text.memory.failed} failure={failure} onRetry={reload} />}
      {loading && shown.length === 0 && <Loading />}
      {!loading && !failure && shown.length === 0 && (
        <EmptyState icon="layers" title={text.memory.empty} hint={text.memory.emptyHint}>
          <TryInChat example={text.introduction.cards.companion.example} />
        </EmptyState>
      )}
      {hasMore && !found && (
        <Button look="quiet" className="mt-3 w-full" onClick={loadMore}>
          {text.loadMore}
        </Button>
      )}
      <MemoryForm open={writing} onOpenChange={setWriting} save={memories.save} />
    </>
  );
}

function inOrder(memories: Memories["memories"], ids: readonly string[]) {
  return ids.flatMap((id) => memories.find((each) => each.id === id) ?? []);
}

/** The ids that match the query, best first; null without a query. */
function useFound(search: Memories["search"], query: string): readonly string[] | null {
  const attempt = useAttempt();
  const [found, setFound] = useState<readonly string[] | null>(null);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      if (query === "") setFound(null);
      else {
        void attempt(async () => {
          const ids = await search(query);
          if (current) setFound(ids);
        });
      }
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [attempt, search, query]);
  return query === "" ? null : found;
}
