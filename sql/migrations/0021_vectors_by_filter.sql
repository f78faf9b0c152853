-- What a filter keeps of a user's vectors is counted in the index alone, and compared without walking the rest: also
-- the few decisions among a hundred thousand messages, and the rows that do not stand in the HNSW index yet.
CREATE INDEX embeddings_by_filter ON embeddings (user_id, model_id, by_index, kind, occurred_at)
    INCLUDE (conversation_id);
DROP INDEX embeddings_of_user;
