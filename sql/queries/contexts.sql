-- name: save_context(subject_id, user_id, items, token_count, token_budget, dropped_layers, failed_layers, assembled_ms, left_out, sources)!
-- A new attempt at a reply replaces its context.
INSERT INTO context_snapshots
    (subject_id, user_id, items, token_count, token_budget, dropped_layers, failed_layers, assembled_ms, left_out,
     sources)
SELECT :subject_id, :user_id, :items, :token_count, :token_budget, :dropped_layers, :failed_layers, :assembled_ms,
    :left_out::jsonb, :sources::jsonb
WHERE EXISTS (SELECT FROM messages WHERE id = :subject_id AND {visible:scope_id}
              UNION ALL SELECT FROM intents WHERE id = :subject_id AND {visible:project_id})
ON CONFLICT (subject_id) DO UPDATE
SET items = EXCLUDED.items, token_count = EXCLUDED.token_count, token_budget = EXCLUDED.token_budget,
    dropped_layers = EXCLUDED.dropped_layers, failed_layers = EXCLUDED.failed_layers,
    assembled_ms = EXCLUDED.assembled_ms, left_out = EXCLUDED.left_out, sources = EXCLUDED.sources,
    created_at = now();

-- name: find_contexts(user_id, ids)
SELECT subject_id, items, token_count, token_budget, dropped_layers, failed_layers, assembled_ms, left_out, sources,
    ARRAY(SELECT number FROM message_citations WHERE message_id = subject_id ORDER BY place) AS cited
FROM context_snapshots WHERE {visible:scope_id} AND subject_id = ANY(:ids::uuid[]);

-- name: save_sources(subject_id, fence, sources)!
-- The numbers of the records that a reply was given so far, while its claim is held.
UPDATE context_snapshots SET sources = :sources::jsonb
WHERE subject_id = :subject_id
  AND EXISTS (SELECT FROM messages WHERE id = :subject_id AND fence = :fence AND claimed_by IS NOT NULL);

-- name: delete_citations(message_id)!
DELETE FROM message_citations WHERE message_id = :message_id;

-- name: insert_citations(message_id, user_id, numbers, kinds, ids)!
-- The records that a reply cites, in the order of its text.
INSERT INTO message_citations (message_id, user_id, number, place, record_kind, record_id)
SELECT :message_id, :user_id, number, place, kind, id
FROM unnest(:numbers::smallint[], :kinds::text[], :ids::uuid[]) WITH ORDINALITY AS c (number, kind, id, place);

-- name: list_citations(user_id, ids)
-- The records that these replies cite, in the order of their texts.
SELECT c.message_id, c.number, c.record_kind AS kind, c.record_id AS id
FROM message_citations AS c JOIN messages AS m ON m.id = c.message_id
WHERE {visible:m.scope_id} AND c.message_id = ANY(:ids::uuid[])
ORDER BY c.message_id, c.place;

-- name: list_profile(scopes, project_id, tags, count, rated_by)
-- The most important profile memories, and memories of the project with one of the tags, ordered by id so that the order is stable.
SELECT id, content, created_at FROM (
    SELECT id, content, created_at FROM memories
    WHERE scope_id = ANY(:scopes::uuid[]) AND NOT archived AND kind = 'longterm'
      AND (profile OR (project_id = :project_id::uuid AND tags && :tags::text[]))
      AND (expires_at IS NULL OR expires_at > now())
      AND NOT EXISTS (SELECT FROM search_ratings AS r
                      WHERE r.subject_id = memories.id AND r.user_id = :rated_by::text AND r.rating = 'outdated')
    ORDER BY memory_importance(weight, access_count, coalesce(last_accessed_at, created_at), now()) DESC, id
    LIMIT :count) AS known
ORDER BY id;

-- name: find_summary(user_id, conversation_id)$
SELECT summary FROM conversations WHERE {visible:scope_id} AND id = :conversation_id;

-- name: list_latest_turns(user_id, conversation_id, count)
-- The latest messages of the conversation that are shown, newest first.
SELECT {columns:MessageRow} FROM messages
WHERE {visible:scope_id} AND conversation_id = :conversation_id AND shown
  AND (status IN ('complete', 'stopped') OR (status = 'failed' AND error_key IS DISTINCT FROM 'model.declined'))
  AND message_type <> 'system' AND content <> ''
ORDER BY id DESC LIMIT :count;
