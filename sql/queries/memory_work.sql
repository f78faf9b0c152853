-- name: claim_memory_work(count, lease_seconds, min_age_seconds)
-- Rows that are at least `min_age_seconds` old, oldest first; messages while they are shown, after their reply, whose
-- actions may record them.
UPDATE memory_work SET claimed_until = now() + make_interval(secs => :lease_seconds), attempts = attempts + 1
WHERE subject_id IN (
    SELECT subject_id FROM memory_work AS w
    WHERE created_at <= now() - make_interval(secs => :min_age_seconds) AND (claimed_until IS NULL OR claimed_until < now())
      AND NOT EXISTS (SELECT FROM messages AS r WHERE r.reply_to = w.subject_id AND r.status IN ('pending', 'streaming'))
      AND NOT EXISTS (SELECT FROM messages AS m WHERE m.id = w.subject_id AND NOT m.shown)
    ORDER BY created_at LIMIT :count FOR UPDATE SKIP LOCKED)
RETURNING subject_id, user_id, kind, attempts, created_at;

-- name: delete_memory_work(subject_id, created_at)!
-- A row that was edited after it was claimed is not deleted.
DELETE FROM memory_work WHERE subject_id = :subject_id AND created_at = :created_at;

-- name: claim_summary_work(count, lease_seconds, messages, pause_seconds)
-- Conversations with enough messages since the last summary, or with a pause after the last message.
UPDATE summary_work SET claimed_until = now() + make_interval(secs => :lease_seconds)
WHERE conversation_id IN (
    SELECT conversation_id FROM summary_work
    WHERE messages > 0 AND (claimed_until IS NULL OR claimed_until < now())
      AND (messages >= :messages OR last_message_at < now() - make_interval(secs => :pause_seconds))
    ORDER BY last_message_at LIMIT :count FOR UPDATE SKIP LOCKED)
RETURNING conversation_id, user_id, messages, summarized_up_to;

-- name: list_messages_to_summarize(conversation_id, after, count)
-- The messages after the last summary that are shown, oldest first.
SELECT id, message_type, content FROM messages
WHERE conversation_id = :conversation_id AND shown AND id > :after
  AND (status IN ('complete', 'stopped') OR (status = 'failed' AND error_key IS DISTINCT FROM 'model.declined'))
  AND message_type <> 'system' AND content <> ''
ORDER BY id LIMIT :count;

-- name: save_summary(conversation_id, summary)!
UPDATE conversations SET summary = :summary WHERE id = :conversation_id;

-- name: mark_summarized(conversation_id, messages, summarized_up_to)$
-- Messages that arrived during the work count for the next summary. Returns nothing when another branch was shown since.
UPDATE summary_work
SET messages = greatest(0, messages - :messages), summarized_up_to = :summarized_up_to, claimed_until = NULL
WHERE conversation_id = :conversation_id AND claimed_until IS NOT NULL RETURNING conversation_id;
