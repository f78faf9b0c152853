-- Only the rows of users who have too many to be compared one by one stand in a model's HNSW index: the rows of all
-- others would be walked past in vain. The indexer builds the index of each model anew.
ALTER TABLE embeddings ADD COLUMN by_index boolean NOT NULL DEFAULT false;
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT indexname FROM pg_indexes
                WHERE tablename = 'embeddings' AND indexname LIKE 'embeddings\_of\_model\_%' LOOP
        EXECUTE format('DROP INDEX %I', name);
    END LOOP;
END $$;
