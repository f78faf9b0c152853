import { Button } from "@/components/Button";
import { EmptyState, LoadFailed, Loading } from "@/components/Notice";
import { ConversationRow } from "./ConversationRow";
import { groupByDate } from "./groups";
import { useConversations } from "./useConversations";
import { useLanguage } from "@/lib/language";

type ListProps = { currentId: string | null; onOpen: () => void };

/** The conversations grouped by the day they were last active, archived ones apart. */
export function ConversationList({ currentId, onOpen }: ListProps) {
  const { language, text } = useLanguage();
  const { conversations, loading, failure, hasMore, loadMore, reload, showArchived, setShowArchived } =
    useConversations();
  const current = conversations.filter((conversation) => !conversation.archived);
  const archived = conversations.filter((conversation) => conversation.archived);
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
      {!loading && !failure && current.length === 0 && (
        <EmptyState title={text.conversations.empty} hint={text.conversations.emptyHint} />
      )}
      {groupByDate(current, language, text).map((group) => (
        <section key={group.heading}>
          <h2 className="px-3 pt-4 pb-1 text-xs font-medium text-faint">{group.heading}</h2>
          <ul>{group.conversations.map(row)}</ul>
        </section>
      ))}
      {hasMore && (
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
