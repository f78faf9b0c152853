import { useEffect, useState } from "react";
import { Button } from "@/components/Button";
import { Icon } from "@/components/Icon";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { RouteLink } from "@/components/RouteLink";
import { SearchField } from "@/components/SearchField";
import { useLanguage } from "@/lib/language";
import { toConversation } from "@/lib/route";
import { foldForSearch } from "@/lib/search";
import { ConversationRow } from "./ConversationRow";
import { groupByDate } from "./groups";
import { useConversations } from "./useConversations";

type ListProps = { currentId: string | null; onOpen: () => void };

/** The link to a new conversation and the list of all others, searchable by title and grouped by last activity. */
export function ConversationList({ currentId, onOpen }: ListProps) {
  const { text } = useLanguage();
  const [query, setQuery] = useState("");
  return (
    <>
      <div className="flex flex-col gap-2 px-3 pt-3 pb-1">
        <RouteLink
          to={toConversation(null)}
          onOpen={onOpen}
          className="flex min-h-10 items-center gap-2.5 rounded-xl border border-line bg-raised px-3 text-sm font-medium hover:bg-hover"
        >
          <Icon name="plus" className="size-4.5 text-wave" />
          {text.conversations.new}
        </RouteLink>
        <SearchField label={text.conversations.find} value={query} onChange={setQuery} />
      </div>
      <Found currentId={currentId} onOpen={onOpen} query={foldForSearch(query)} />
    </>
  );
}

function Found({ currentId, onOpen, query }: ListProps & { query: string }) {
  const { language, text } = useLanguage();
  const { conversations, loading, failure, hasMore, loadMore, reload, showArchived, setShowArchived } =
    useConversations();
  const matching = conversations.filter(({ title }) => foldForSearch(title).includes(query));
  const current = matching.filter((conversation) => !conversation.archived);
  const archived = matching.filter((conversation) => conversation.archived);
  // The search also covers pages that have not been read yet.
  useEffect(() => {
    if (query !== "" && hasMore && !loading && !failure) loadMore();
  }, [query, hasMore, loading, failure, loadMore]);

  const row = (conversation: (typeof conversations)[number]) => (
    <ConversationRow
      key={conversation.id}
      conversation={conversation}
      current={conversation.id === currentId}
      onOpen={onOpen}
    />
  );
  return (
    <nav aria-label={text.conversations.title} className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
      {failure && conversations.length === 0 && (
        <LoadFailed title={text.conversations.failed} failure={failure} onRetry={reload} />
      )}
      {loading && conversations.length === 0 && <Loading />}
      {!loading && !failure && conversations.length === 0 && (
        <EmptyState title={text.conversations.empty} hint={text.conversations.emptyHint} />
      )}
      {query !== "" && matching.length === 0 && conversations.length > 0 && (
        <p role="status" className="px-3 py-6 text-center text-sm text-faint">
          {text.conversations.noneFound}
        </p>
      )}
      {groupByDate(current, language, text).map((group) => (
        <section key={group.heading}>
          <h2 className="px-3 pt-4 pb-1 text-xs font-medium text-faint">{group.heading}</h2>
          <ul>{group.conversations.map(row)}</ul>
        </section>
      ))}
      {hasMore && query === "" && (
        <Button look="quiet" className="mt-2 w-full" onClick={loadMore}>
          {text.loadMore}
        </Button>
      )}
      {showArchived && archived.length > 0 && (
        <section>
          <h2 className="px-3 pt-5 pb-1 text-xs font-medium text-faint">{text.conversations.archived}</h2>
          <ul>{archived.map(row)}</ul>
        </section>
      )}
      {(conversations.length > 0 || showArchived) && (
        <Button
          look="quiet"
          icon="archive"
          className="mt-4 w-full justify-start text-xs font-normal text-faint"
          onClick={() => setShowArchived(!showArchived)}
        >
          {showArchived ? text.conversations.hideArchived : text.conversations.showArchived}
        </Button>
      )}
    </nav>
  );
}
